import { isMembers, type Members } from "../core/members.ts";
import type { EventRules } from "./event-rules.ts";

/** Why an event fails. */
export interface EventProblem {
  readonly errorCode: string;
  readonly errorMessage: string;
}

interface Sent {
  readonly id: string;
  readonly eventData: string;
  readonly eventDataChecksum?: unknown;
}

/** The checks of spec 1.7, in its order; undefined: the event is taken. */
export function checkEvent(
  entry: Sent,
  rules: EventRules,
  context: { readonly owner: string; readonly now: number },
): EventProblem | undefined {
  const { eventData } = entry;
  const badChecksum = () => checksumProblem(entry, rules);
  const early = rules.checksumFirst ? badChecksum() : undefined;
  if (early !== undefined) return early;
  if (rules.byteLength(eventData) > rules.maxEventBytes) return problem("FieldTooLong", "eventData is too long");
  const parsed = rules.parse(eventData);
  if (parsed === undefined || !rules.isEvent(parsed.value))
    return problem("InvalidData", "eventData is not one JSON object");
  const flaw = textProblem(eventData, parsed.value, rules);
  if (flaw !== undefined) return problem("InvalidData", flaw);
  const event = Object.fromEntries(Object.entries(parsed.value).map(([key, value]) => [rules.keyOf(key), value]));
  return membersProblem(event, rules, context) ?? (rules.checksumFirst ? undefined : badChecksum());
}

function checksumProblem(entry: Sent, rules: EventRules): EventProblem | undefined {
  const { eventDataChecksum } = entry;
  if (!rules.hasChecksum(eventDataChecksum)) return undefined;
  const given = rules.checksumBytes(String(eventDataChecksum));
  return given === rules.sha256(rules.checksummed(entry))
    ? undefined
    : problem("InvalidChecksum", "eventDataChecksum is not that of eventData");
}

/** What a parsed value no longer tells. */
function textProblem(text: string, value: unknown, rules: EventRules): string | undefined {
  if (depthOf(value) > rules.maxDepth) return "eventData nests too deep";
  if (!rules.allowsLoneSurrogates && !isWellFormed(value)) return "eventData has a lone surrogate";
  // A key that comes twice leaves fewer members than the text names.
  if (!rules.allowsDuplicateKeys && namedIn(text) !== keysOf(value)) return "eventData names a key twice";
  return undefined;
}

function membersProblem(
  event: Members,
  rules: EventRules,
  { owner, now }: { readonly owner: string; readonly now: number },
): EventProblem | undefined {
  const paths = [...Object.keys(rules.objects), ...Object.keys(rules.strings)];
  for (const path of rules.required)
    if (rules.isAbsent(at(event, path), true)) return problem("FieldNotFound", `${path} is absent`);
  for (const path of paths) {
    const value = at(event, path);
    if (rules.isAbsent(value, false) && !rules.required.includes(path)) continue;
    const fits = path in rules.strings ? rules.isString(value) : rules.isObject(value);
    if (!fits || !rules.isFree(path, value)) return problem("InvalidData", `${path} has another type`);
    if (rules.refusesEmptyStrings && value === "") return problem("InvalidData", `${path} is empty`);
  }
  const seconds = rules.eventTime(String(event["eventTime"]), now);
  if (seconds === undefined) return problem("InvalidData", "eventTime is not a time");
  if (rules.refusesOldEvents && seconds < now - 2557 * 86_400_000)
    return problem("InvalidData", "eventTime is too old");
  const address = event["sourceIPAddress"];
  if (typeof address === "string" && !rules.isAddress(address))
    return problem("InvalidData", "sourceIPAddress is no address");
  const known = new Set(paths.map((path) => path.split(".")[0]));
  if (rules.refusesUnknownKeys && Object.keys(event).some((key) => !known.has(key)))
    return problem("InvalidData", "an unknown key");
  for (const path of paths) {
    const value = at(event, path);
    const size = typeof value === "string" ? rules.textLength(value) : rules.byteLength(JSON.stringify(value ?? null));
    const limit = rules.strings[path] ?? rules.objects[path] ?? 0;
    if (size > limit) return problem("FieldTooLong", `${path} is too long`);
  }
  return rules.isRecipient(String(event["recipientAccountId"]), owner)
    ? undefined
    : problem("InvalidRecipient", "recipientAccountId is not the channel's owner");
}

function at(event: Members, path: string): unknown {
  const [key = "", member] = path.split(".");
  const value = event[key];
  if (member === undefined) return value;
  return isMembers(value) ? value[member] : undefined;
}

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

const loneSurrogate = /\p{Cs}/u;

function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return !loneSurrogate.test(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, inner]) => !loneSurrogate.test(key) && isWellFormed(inner));
}

function keysOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return own + Object.values(value).reduce((sum: number, inner) => sum + keysOf(inner), 0);
}

/** Keys that a JSON text names: strings before a colon. In one pass: a string is read once, whatever follows it. */
function namedIn(text: string): number {
  let count = 0;
  const token = /"(?:[^"\\]|\\.)*"\s*(:?)/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) if (match[1] === ":") count++;
  return count;
}

function problem(errorCode: string, errorMessage: string): EventProblem {
  return { errorCode, errorMessage };
}
