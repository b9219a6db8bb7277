import { isIpLiteral, limits, parseEventTime } from "@tributary/schema";
import type { JsonObject } from "../contract/json.ts";
import { isObject } from "../own-property.ts";

const { strings } = limits;
const { requestParameters, responseElements, additionalEventData } = limits.sender;
/** A text of so many UTF-16 units, and so each member in it, is within every size limit: a unit is at most 3 bytes. */
const surelySmall = Math.min(requestParameters, responseElements, additionalEventData) / 3;

/**
 * Whether an event certainly passes the sender profile, so that nobody need walk the schema's table for it. False for
 * everything unusual, which the checker of the schema then judges: nothing passes here that does not pass there.
 * @param value of nothing but the schema's members, which the text of `textLength` UTF-16 units parses to
 * @param now milliseconds since 1970
 */
export function isSurelyValid(value: JsonObject, textLength: number, accountId: string, now: number): boolean {
  const identity = value["userIdentity"];
  return (
    textLength <= surelySmall &&
    isFilled(value["version"], strings.version) &&
    isFilled(value["eventSource"], strings.eventSource) &&
    isFilled(value["eventName"], strings.eventName) &&
    isFilled(value["UID"], strings.UID) &&
    isTextOrAbsent(value["userAgent"], strings.userAgent) &&
    isTextOrAbsent(value["errorCode"], strings.errorCode) &&
    isTextOrAbsent(value["errorMessage"], strings.errorMessage) &&
    isObjectOrAbsent(value["requestParameters"]) &&
    isObjectOrAbsent(value["responseElements"]) &&
    isObjectOrAbsent(value["additionalEventData"]) &&
    value["recipientAccountId"] === accountId &&
    isObject(identity) &&
    isIdentity(identity) &&
    isTime(value["eventTime"], now) &&
    isAddressOrAbsent(value["sourceIPAddress"])
  );
}

function isFilled(value: unknown, limit: number): boolean {
  return typeof value === "string" && value !== "" && value.length <= limit;
}

function isTextOrAbsent(value: unknown, limit: number): boolean {
  return value === undefined || (typeof value === "string" && value.length <= limit);
}

function isObjectOrAbsent(value: unknown): boolean {
  return value === undefined || isObject(value);
}

function isIdentity(identity: JsonObject): boolean {
  for (const key in identity)
    if (key !== "type" && key !== "principalId" && key !== "details" && identity[key] !== undefined) return false;
  const { type, principalId, details } = identity;
  return (
    isFilled(type, strings.userIdentityType) &&
    isFilled(principalId, strings.userIdentityPrincipalId) &&
    isObjectOrAbsent(details)
  );
}

/** `YYYY-MM-DDTHH:MM:SSZ` from 1970 to what an eventID can carry, not after `now`. */
function isTime(value: unknown, now: number): boolean {
  if (typeof value !== "string" || value.length !== 20 || !value.endsWith("Z")) return false;
  const time = parseEventTime(value);
  return time !== undefined && time.seconds >= 0 && time.seconds <= 0xffff_ffff && time.millis <= now;
}

function isAddressOrAbsent(value: unknown): boolean {
  return value === undefined || (typeof value === "string" && isIpLiteral(value));
}
