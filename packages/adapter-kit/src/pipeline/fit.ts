import { limits, utf8Length } from "@tributary/schema";
import type { EventData } from "../contract/event-data.ts";
import type { Json, JsonObject } from "../contract/json.ts";
import type { Mark } from "../contract/result.ts";
import { truncate } from "../mapping/truncate.ts";
import { pointerTo } from "../json-pointer.ts";
import { isArray, isObject, parseJson, setOwn } from "../own-property.ts";
import { flattenMembers, isDeeperThan } from "./flatten.ts";
import { isShallowJson } from "./is-shallow-json.ts";
import { trimMember } from "./trim-member.ts";

const { userIdentityType, userIdentityPrincipalId, ...strings } = limits.strings;
const { requestParameters, responseElements, additionalEventData, event: maxEventBytes } = limits.sender;
const stringLimits = Object.entries(strings).map(([key, limit]) => ({ key, limit, pointer: `/${key}` }));
const members = { requestParameters, responseElements, additionalEventData } as const;

/** An event within every limit. */
export interface Fitted {
  readonly eventData: string;
  /** One for each value that was cut to get there. */
  readonly marks: readonly Mark[];
  /** What `eventData` parses to, where that is known without parsing; the caller's own. */
  readonly value?: JsonObject | undefined;
  /** Whether `value` has no member but the schema's. */
  readonly closed?: boolean | undefined;
}

/** An event's text within every limit, with a mark for each value that was cut to get there. */
export function fit(event: EventData, accountId: string): Fitted {
  const paths: string[] = [];
  const whole = inOrder(event, accountId);
  const closed = !addForeign(whole, event);
  const shallow = isShallowJson(whole, limits.depth);
  const draft = shallow || !isDeeperThan(whole, limits.depth) ? whole : flattenMembers(whole, limits.depth, paths);
  for (const { key, limit, pointer } of stringLimits) cut(draft, key, limit, pointer, paths);
  const given = draft["userIdentity"];
  if (isObject(given) && mayChange(given)) {
    const identity: Record<string, unknown> = { ...given };
    cut(identity, "type", userIdentityType, "/userIdentity/type", paths);
    cut(identity, "principalId", userIdentityPrincipalId, "/userIdentity/principalId", paths);
    draft["userIdentity"] = identity;
  }
  let eventData = JSON.stringify(draft);
  if (!isWithin(eventData, members.additionalEventData)) {
    const before = paths.length;
    for (const [key, limit] of Object.entries(members)) trim(draft, key, limit, `/${key}`, paths);
    if (paths.length > before) eventData = JSON.stringify(draft);
    if (utf8Length(eventData) > maxEventBytes) eventData = shrink(draft, paths);
  }
  const marks = (): readonly Mark[] =>
    paths.length === 0 ? noMarks : paths.map((path) => ({ kind: "trimmed", path }));
  if (eventData.includes("\\ud")) return { eventData: wellFormed(eventData, paths), marks: marks() };
  const isKnown = shallow && eventData.length * 3 <= maxEventBytes && isObject(draft);
  return { eventData, marks: marks(), value: isKnown ? draft : undefined, closed };
}

/** Whether a userIdentity is cut, or loses its details of null when it is checked: the definition's own stays as it is. */
const mayChange = ({ type, principalId, details }: JsonObject) =>
  isLonger(type, userIdentityType) || isLonger(principalId, userIdentityPrincipalId) || details === null;

const isLonger = (value: unknown, limit: number) => typeof value === "string" && value.length > limit;

/** Whether a text, and so each member in it, takes no more bytes than `limit`. A UTF-16 unit is at most 3. */
const isWithin = (text: string, limit: number) =>
  text.length * 3 <= limit || (text.length <= limit && utf8Length(text) <= limit);

const noMarks: readonly Mark[] = Object.freeze([]);

/** The schema's members in their order. */
function inOrder(event: EventData, accountId: string): Record<string, unknown> {
  return {
    version: event.version,
    userIdentity: event.userIdentity,
    userAgent: event.userAgent,
    eventSource: event.eventSource,
    eventName: event.eventName,
    eventTime: event.eventTime,
    UID: event.UID,
    requestParameters: event.requestParameters,
    responseElements: event.responseElements,
    errorCode: event.errorCode,
    errorMessage: event.errorMessage,
    sourceIPAddress: event.sourceIPAddress,
    recipientAccountId: accountId,
    additionalEventData: event.additionalEventData,
  };
}

/** Adds whatever else a definition gave, and says whether that was anything: validation refuses it, nothing vanishes. */
function addForeign(draft: Record<string, unknown>, event: EventData): boolean {
  if (!hasForeign(event)) return false;
  const given: Readonly<Record<string, unknown>> = { ...event };
  for (const key in given) {
    const member = given[key];
    if (member !== draft[key] && key !== "recipientAccountId") setOwn(draft, key, member);
  }
  return true;
}

const known: ReadonlySet<string> = new Set([
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
  "additionalEventData",
]);

function hasForeign(event: EventData): boolean {
  for (const key in event) if (!known.has(key)) return true;
  return false;
}

function cut(target: Record<string, unknown>, key: string, limit: number, pointer: string, paths: string[]): void {
  const value = target[key];
  if (typeof value !== "string" || value.length <= limit) return;
  target[key] = truncate(value, limit);
  if (target[key] !== value) paths.push(pointer);
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
  const excess = () => utf8Length(JSON.stringify(draft)) - maxEventBytes;
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
  return JSON.stringify(draft);
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
