import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { isMembers } from "../core/members.ts";
import type { Identity } from "../wire/identity.ts";
import type { WireRequest } from "../wire/wire-request.ts";
import type { ReferenceIdentity } from "./resource-policies.ts";
import { checkEvent, type EventProblem } from "./check-event.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { Channel, EventDataStore } from "./control-state.ts";
import { Refusal } from "./refusal.ts";
import type { Rules } from "./rules.ts";

interface Entry {
  readonly id: string;
  readonly eventData: string;
  readonly eventDataChecksum?: unknown;
}

interface Lake {
  readonly setting: { readonly region: string; readonly now: () => number };
  readonly rules: Rules;
  readonly control: ControlPlane;
}

/** PutAuditEvents. Throws `Refusal`. Spec 1. */
export function putAuditEvents(request: WireRequest, caller: ReferenceIdentity, lake: Lake): object {
  const { setting, rules, control } = lake;
  const rule = rules.request;
  const { searchParams } = new URL(request.target, "http://host");
  const channelText = searchParams.get("channelArn") ?? (rule.requiresChannel ? undefined : anyChannel(lake)?.arn);
  const body = bodyOf(request, rules);
  const find = () => channelOf(channelText, caller, lake);
  const early = rule.shapeFirst ? undefined : find();
  if (channelText === undefined) throw new Refusal(rule.brokenShape, "channelArn is required");
  const externalId = searchParams.get("externalId");
  if (externalId !== null && !rule.isExternalId(externalId))
    throw new Refusal(rule.brokenShape, "externalId is not one");
  const entries = entriesOf(body, rules);
  const channel = early ?? find();
  if (externalId !== null && !rule.ignoresUnaskedExternalId)
    throw new Refusal("ChannelInsufficientPermission", "The channel asks for no external id");
  control.policies.admit(channel, caller, externalId ?? undefined);
  const context = { owner: channel.accountId, now: setting.now() };
  const judge = (entry: Entry) => checkEvent(entry, rules.event, context);
  if (rule.eventsBeforeDuplicates && entries.every((entry) => judge(entry) !== undefined))
    return results(entries, judge, channel, lake);
  if (rule.refusesDuplicates && new Set(entries.map(({ id }) => rule.idOf(id))).size < entries.length)
    throw new Refusal(rule.duplicated, "Two entries have the same id");
  const bytes = entries.reduce((sum, { eventData }) => sum + Buffer.byteLength(eventData), 0);
  if (bytes > rule.maxRequestBytes) throw new Refusal(rule.brokenShape, "The events are more than 1 MiB");
  return results(entries, judge, channel, lake);
}

function results(
  entries: readonly Entry[],
  judge: (entry: Entry) => EventProblem | undefined,
  channel: Channel,
  lake: Lake,
): object {
  const { rules, control, setting } = lake;
  const successful: { readonly id: string; readonly eventID: string }[] = [];
  const failed: ({ readonly id: string } & EventProblem)[] = [];
  const { stores: all } = control.state;
  const named = channel.destinations.map((id) => all.get(id)).filter((store) => store !== undefined);
  const stores = rules.control.receiving(named, [...all.values()]).filter(({ status }) => status === "ENABLED");
  const problems = entries.map(judge);
  const first = problems.find((one) => one !== undefined);
  entries.forEach((entry, index) => {
    const problem = problems[index] ?? (rules.request.failsTogether ? first : notSubscribed(stores));
    if (problem !== undefined) return failed.push({ id: entry.id, ...problem });
    const digest = createHash("sha256")
      .update(JSON.stringify([channel.arn, entry.id, entry.eventData]))
      .digest("hex");
    const uuid = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
    const eventID = rules.request.eventId(uuid, index);
    keep(entry, eventID, channel, lake, stores);
    return successful.push({ id: entry.id, eventID });
  });
  const success = successful.at(-1);
  const failure = failed.at(-1);
  channel.ingestion = rules.control.ingestion(channel.ingestion, {
    attemptAt: setting.now(),
    attemptEventId: success?.eventID,
    ...(success && { successAt: setting.now(), successEventId: success.eventID }),
    ...(failure && { error: failure.errorCode }),
  });
  return rules.request.answers({ successful, failed });
}

function notSubscribed(stores: readonly EventDataStore[]): EventProblem | undefined {
  if (stores.length > 0) return undefined;
  return { errorCode: "AccountNotSubscribed", errorMessage: "No destination of the channel can take events" };
}

/** The stores of a channel keep the event. Spec 1.8. */
function keep(
  { eventData }: Entry,
  eventID: string,
  channel: Channel,
  { rules, setting }: Lake,
  stores: readonly EventDataStore[],
): void {
  const parsed = rules.event.parse(eventData)?.value;
  const now = setting.now();
  const eventTime = rules.event.eventTime(isMembers(parsed) ? String(parsed["eventTime"]) : "", now) ?? now;
  const { arn: channelArn, source } = channel;
  for (const { events } of stores)
    if (!events.has(eventID))
      events.set(eventID, { eventID, eventData, eventTime, channelArn, source, ingestedAt: now });
}

function anyChannel({ control }: Lake): Channel | undefined {
  return control.state.channels.values().next().value;
}

function channelOf(text: string | undefined, caller: Identity, lake: Lake): Channel {
  const { setting, rules, control } = lake;
  const own = `arn:aws:cloudtrail:${setting.region}:${caller.accountId}:channel/`;
  const rule = rules.request;
  if (text !== undefined && text.startsWith("arn:")) {
    const match = /^arn:[^:]+:cloudtrail:([^:]+):\d{12}:channel\/[A-Za-z0-9._/-]+$/.exec(text);
    if (rule.checksArn && match === null) throw new Refusal("InvalidChannelARN", "channelArn is no channel's ARN");
    if (rule.checksRegion && match !== null && match[1] !== setting.region)
      throw new Refusal("InvalidChannelARN", "channelArn is of another region");
  } else if (!rule.takesBareIds) throw new Refusal("InvalidChannelARN", "channelArn is no ARN");
  const arn = text?.startsWith("arn:") === true ? text : `${own}${text}`;
  const found = control.state.channels.get(arn) ?? (rule.checksRegion ? undefined : anyChannel(lake));
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
