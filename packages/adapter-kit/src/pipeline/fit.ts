import { limits, utf8Length } from "@tributary/schema";
import type { EventData } from "../contract/event-data.ts";
import type { Json } from "../contract/json.ts";
import type { Mark } from "../contract/result.ts";
import { truncate } from "../mapping/truncate.ts";
import { pointerTo } from "../json-pointer.ts";
import { isArray, isObject, parseJson } from "../own-property.ts";
import { flattenMembers, isDeeperThan } from "./flatten.ts";
import { trimMember } from "./trim-member.ts";

const { userIdentityType, userIdentityPrincipalId, ...strings } = limits.strings;
const { requestParameters, responseElements, additionalEventData, event: maxEventBytes } = limits.sender;
const stringLimits = Object.entries(strings);
const members = { requestParameters, responseElements, additionalEventData } as const;
/** The members of an event in the order they are written. */
const order = [
  "version",
  "userIdentity",
  "userAgent",
  "eventSource",
  "eventName",
  "eventTime",
  "UID",
  "requestParameters",
  "responseElements",
  "errorCode",
  "errorMessage",
  "sourceIPAddress",
  "recipientAccountId",
  "additionalEventData",
] as const;

/** An event's text within every limit, with a mark for each value that was cut to get there. */
export function fit(
  event: EventData,
  accountId: string,
): { readonly eventData: string; readonly marks: readonly Mark[] } {
  const paths: string[] = [];
  const whole: Record<string, unknown> = { ...event, recipientAccountId: accountId };
  const draft = isDeeperThan(whole, limits.depth) ? flattenMembers(whole, limits.depth, paths) : whole;
  const cut = (target: Record<string, unknown>, key: string, limit: number, pointer: string) => {
    const value = target[key];
    if (typeof value !== "string" || value.length <= limit) return;
    target[key] = truncate(value, limit);
    if (target[key] !== value) paths.push(pointer);
  };
  for (const [key, limit] of stringLimits) cut(draft, key, limit, `/${key}`);
  if (isObject(draft["userIdentity"])) {
    const identity: Record<string, unknown> = { ...draft["userIdentity"] };
    cut(identity, "type", userIdentityType, "/userIdentity/type");
    cut(identity, "principalId", userIdentityPrincipalId, "/userIdentity/principalId");
    draft["userIdentity"] = identity;
  }
  let eventData = write(draft);
  // A UTF-16 unit is at most 3 bytes: below this nothing can be over.
  if (eventData.length * 3 > members.additionalEventData) {
    for (const [key, limit] of Object.entries(members)) trim(draft, key, limit, `/${key}`, paths);
    eventData = write(draft);
    if (utf8Length(eventData) > maxEventBytes) eventData = shrink(draft, paths);
  }
  if (eventData.includes("\\ud")) eventData = wellFormed(eventData, paths);
  return { eventData, marks: paths.map((path) => ({ kind: "trimmed", path })) };
}

/** Known members in their order, then whatever else a definition gave: validation refuses it, nothing vanishes. */
function write(draft: Readonly<Record<string, unknown>>): string {
  const ordered: Record<string, unknown> = {};
  for (const key of order) if (draft[key] !== undefined) ordered[key] = draft[key];
  for (const key of Object.keys(draft)) if (!Object.hasOwn(ordered, key)) ordered[key] = draft[key];
  return JSON.stringify(ordered);
}

function trim(draft: Record<string, unknown>, key: string, limit: number, pointer: string, paths: string[]): void {
  const member = draft[key];
  if (!isObject(member)) return;
  const trimmed = trimMember(member, limit, pointer);
  draft[key] = trimmed.member;
  paths.push(...trimmed.paths);
}

/** An event over 256,000 bytes though each member is within its own limit: cut details first, then the largest members. */
function shrink(draft: Record<string, unknown>, paths: string[]): string {
  const excess = () => utf8Length(write(draft)) - maxEventBytes;
  const identity: Record<string, unknown> = isObject(draft["userIdentity"]) ? { ...draft["userIdentity"] } : {};
  if (isObject(identity["details"])) {
    draft["userIdentity"] = identity;
    const size = utf8Length(JSON.stringify(identity["details"]));
    trim(identity, "details", Math.max(1000, size - excess()), "/userIdentity/details", paths);
  }
  for (const key of ["requestParameters", "responseElements", "additionalEventData"]) {
    const over = excess();
    if (over > 0 && draft[key] !== undefined)
      trim(draft, key, Math.max(1000, utf8Length(JSON.stringify(draft[key])) - over), `/${key}`, paths);
  }
  return write(draft);
}

const repair = (text: string) => text.replaceAll(/\p{Surrogate}/gu, "\ufffd");

/** Half surrogate pairs cannot be sent: each becomes U+FFFD, marked. */
function wellFormed(eventData: string, paths: string[]): string {
  const walk = (value: Json, pointer: string): Json => {
    if (typeof value === "string") {
      const repaired = repair(value);
      if (repaired !== value) paths.push(pointer);
      return repaired;
    }
    if (isArray(value)) return value.map((element, index) => walk(element, pointerTo(pointer, index)));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [repair(key), walk(member, pointerTo(pointer, repair(key)))]),
    );
  };
  return JSON.stringify(walk(parseJson(eventData), ""));
}
