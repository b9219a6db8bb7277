import { gunzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { isMembers } from "../core/members.ts";
import type { Identity } from "../wire/identity.ts";
import type { Exchange, WireAnswer, WireRequest } from "../wire/wire-request.ts";
import { checkEvent, type EventProblem } from "./check-event.ts";
import { ChannelPolicies } from "./channel-policies.ts";
import { Refusal } from "./refusal.ts";
import { type Rules, rules as healthy } from "./rules.ts";
import { verifySignature } from "./verify-signature.ts";

/** What stands before the reference lake answers anything. */
export interface ReferenceSetting {
  readonly region: string;
  readonly identities: readonly Identity[];
  /** Channels that exist. */
  readonly channels: readonly { readonly arn: string; readonly accountId: string }[];
  /** ms since 1970. */
  readonly now: () => number;
}

interface Entry {
  readonly id: string;
  readonly eventData: string;
  readonly eventDataChecksum?: unknown;
}

/**
 * A lake in memory that does what the specification says, decision by decision: the subject that the suite itself is held against.
 * Each decision is a member of `rules`; with one of them changed it is a mutant, and the suite must find it.
 */
export function referenceLake(setting: ReferenceSetting, rules: Rules = healthy): Exchange {
  let count = 0;
  const keys = new Map(setting.identities.map((identity) => [identity.accessKeyId, identity]));
  const policies = new ChannelPolicies(setting.channels, rules.policy);
  const handle = (request: WireRequest): object => {
    const operation = request.headers
      .find(([name]) => name.toLowerCase() === "x-amz-target")?.[1]
      .split(".")
      .at(-1);
    if (request.body.length > rules.request.maxBodyBytes)
      throw new Refusal("RequestEntityTooLargeException", "The body is too large", 413);
    const signer = verifySignature(request, rules.signature, {
      service: operation === undefined ? "cloudtrail-data" : "cloudtrail",
      region: setting.region,
      now: setting.now(),
      keys,
    });
    if ("refused" in signer)
      throw new Refusal(signer.refused, "The signature is not accepted", rules.signature.refusal);
    if (operation !== undefined) return policies.operate(operation, request.body, signer.identity);
    return putAuditEvents(request, signer.identity, { setting, rules, policies });
  };
  // oxlint-disable-next-line require-await -- an Exchange is asynchronous
  return async (request) => {
    count++;
    try {
      return answered(200, handle(request), [], rules, count);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const message = rules.answer.errorMessage(error.message);
      const body = { ...(rules.answer.errorTypeInBody && { __type: error.code }), ...(message !== "" && { message }) };
      const headers = [
        ...(rules.answer.errorTypeHeader ? [["x-amzn-errortype", error.code] as const] : []),
        ...(rules.answer.queryErrorHeader ? [["x-amzn-query-error", `${error.code};Sender`] as const] : []),
      ];
      return answered(error.status, body, headers, rules, count);
    }
  };
}

function answered(
  status: number,
  body: object,
  headers: readonly (readonly [string, string])[],
  rules: Rules,
  count: number,
): WireAnswer {
  const requestId = rules.answer.requestId(count);
  const named = new Map([["content-type", "application/json"], ...headers]);
  if (requestId !== undefined) named.set("x-amzn-requestid", requestId);
  const failedAll = "successful" in body && Array.isArray(body.successful) && body.successful.length === 0;
  return {
    status: failedAll ? rules.request.statusWhenAllFail : status,
    headers: named,
    body: Buffer.from(JSON.stringify(body)),
  };
}

interface Whole {
  readonly setting: ReferenceSetting;
  readonly rules: Rules;
  readonly policies: ChannelPolicies;
}

function putAuditEvents(request: WireRequest, caller: Identity, { setting, rules, policies }: Whole): object {
  const rule = rules.request;
  const { searchParams } = new URL(request.target, "http://host");
  const channelText = searchParams.get("channelArn") ?? (rule.requiresChannel ? undefined : setting.channels[0]?.arn);
  const body = bodyOf(request, rules);
  const find = () => channelOf(channelText, caller, setting, rules);
  const early = rule.shapeFirst ? undefined : find();
  if (channelText === undefined) throw new Refusal(rule.brokenShape, "channelArn is required");
  const externalId = searchParams.get("externalId");
  if (externalId !== null && !rule.isExternalId(externalId))
    throw new Refusal(rule.brokenShape, "externalId is not one");
  const entries = entriesOf(body, rules);
  const channel = early ?? find();
  if (externalId !== null && !rule.ignoresUnaskedExternalId)
    throw new Refusal("ChannelInsufficientPermission", "The channel asks for no external id");
  policies.admit(channel, caller, externalId ?? undefined);
  const context = { owner: channel.accountId, now: setting.now() };
  const judge = (entry: Entry) => checkEvent(entry, rules.event, context);
  if (rule.eventsBeforeDuplicates && entries.every((entry) => judge(entry) !== undefined))
    return results(entries, judge, channel.arn, rules);
  if (rule.refusesDuplicates && new Set(entries.map(({ id }) => rule.idOf(id))).size < entries.length)
    throw new Refusal(rule.duplicated, "Two entries have the same id");
  const bytes = entries.reduce((sum, { eventData }) => sum + Buffer.byteLength(eventData), 0);
  if (bytes > rule.maxRequestBytes) throw new Refusal(rule.brokenShape, "The events are more than 1 MiB");
  return results(entries, judge, channel.arn, rules);
}

function results(
  entries: readonly Entry[],
  judge: (entry: Entry) => EventProblem | undefined,
  channelArn: string,
  rules: Rules,
): object {
  const successful: object[] = [];
  const failed: object[] = [];
  const problems = entries.map(judge);
  const first = problems.find((one) => one !== undefined);
  entries.forEach((entry, index) => {
    const problem = problems[index] ?? (rules.request.failsTogether ? first : undefined);
    if (problem !== undefined) return failed.push({ id: entry.id, ...problem });
    const digest = createHash("sha256")
      .update(JSON.stringify([channelArn, entry.id, entry.eventData]))
      .digest("hex");
    const uuid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
    return successful.push({ id: entry.id, eventID: rules.request.eventId(uuid, index) });
  });
  return rules.request.answers({ successful, failed });
}

function channelOf(
  text: string | undefined,
  caller: Identity,
  setting: ReferenceSetting,
  rules: Rules,
): { readonly arn: string; readonly accountId: string } {
  const own = `arn:aws:cloudtrail:${setting.region}:${caller.accountId}:channel/`;
  const rule = rules.request;
  if (text !== undefined && text.startsWith("arn:")) {
    const match = /^arn:[^:]+:cloudtrail:([^:]+):\d{12}:channel\/[A-Za-z0-9._/-]+$/.exec(text);
    if (rule.checksArn && match === null) throw new Refusal("InvalidChannelARN", "channelArn is no channel's ARN");
    if (rule.checksRegion && match !== null && match[1] !== setting.region)
      throw new Refusal("InvalidChannelARN", "channelArn is of another region");
  } else if (!rule.takesBareIds) throw new Refusal("InvalidChannelARN", "channelArn is no ARN");
  const arn = text?.startsWith("arn:") === true ? text : `${own}${text}`;
  const found =
    setting.channels.find((channel) => channel.arn === arn) ?? (rule.checksRegion ? undefined : setting.channels[0]);
  if (found !== undefined) return found;
  const isOwn = arn.startsWith(own);
  throw new Refusal(isOwn ? rule.unknownChannel : rules.policy.strangerFindsNothing, "There is no such channel");
}

function bodyOf(request: WireRequest, rules: Rules): unknown {
  const rule = rules.request;
  const isGzip = request.headers.some(([name, value]) => name.toLowerCase() === "content-encoding" && value === "gzip");
  const malformed = (why: string) => new Refusal(rule.malformedBody, why);
  try {
    const bytes = isGzip && rule.acceptsGzip ? gunzipSync(request.body) : request.body;
    const text = new TextDecoder("utf-8", { fatal: rule.parsesStrictly, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(rule.parsesStrictly ? text : text.slice(0, text.lastIndexOf("}") + 1));
    if (rule.bodyIsObject(value)) return value;
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : "The body is not JSON");
  }
  throw malformed("The body is no object");
}

function entriesOf(body: unknown, rules: Rules): readonly Entry[] {
  const rule = rules.request;
  const broken = (why: string) => new Refusal(rule.brokenShape, why);
  const malformed = (why: string) => new Refusal(rule.malformedBody, why);
  const { auditEvents: given, ...others } = isMembers(body) ? body : {};
  if (rule.unknownMembersRefused && Object.keys(others).length > 0) throw malformed("An unknown member");
  const list = given ?? (rule.entriesRequired ? undefined : []);
  if (list === undefined) throw broken("auditEvents is required");
  if (!Array.isArray(list)) throw malformed("auditEvents is no list");
  const needed = rule.entriesRequired || given !== undefined ? rule.minEntries : 0;
  if (list.length < needed || list.length > rule.maxEntries) throw broken("auditEvents has 1 to 100 entries");
  return list.map((entry: unknown): Entry => {
    if (!isMembers(entry)) throw malformed("An entry is no object");
    const { id, eventData, eventDataChecksum } = entry;
    if (id === undefined && rule.idRequired) throw broken("id is required");
    if (id !== undefined && (typeof id !== "string" || !rule.isId(id))) throw broken("id is not one");
    if (eventData === undefined && rule.eventDataRequired) throw broken("eventData is required");
    if (eventData !== undefined && !rule.eventDataIsString(eventData)) throw malformed("eventData is no string");
    const text = typeof eventData === "string" ? eventData : JSON.stringify(eventData ?? {});
    return { id: typeof id === "string" ? id : "", eventData: text, eventDataChecksum };
  });
}
