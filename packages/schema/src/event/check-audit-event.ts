import { checksumMatches } from "../checksum.ts";
import type { JsonObject } from "../json.ts";
import { type Profile, limits } from "../limits.ts";
import type { AuditEventData } from "../shapes/data-plane.ts";
import { utf8Length } from "../text-length.ts";
import { FieldChecker } from "./field-checker.ts";
import { type Problem, problem } from "./problem.ts";
import { readEventData } from "./read-event-data.ts";

export interface CheckOptions {
  /** `server`: binary limits, lenient. `sender`: decimal limits, and everything the docs leave open is refused. */
  readonly profile: Profile;
  /** `server` only: refuse unknown keys, and a sourceIPAddress that is no IP literal. */
  readonly strict?: boolean;
  /** The account that owns the channel. */
  readonly accountId: string;
  /** The values of eventSource the channel may carry; any when absent. */
  readonly eventSources?: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How far after `now` an eventTime may lie. Default 24 hours. */
  readonly maxFutureMs?: number;
}

export interface CheckResult {
  /** In the spec's order: the code of the first is the event's `errorCode`. At most 100. */
  readonly problems: readonly Problem[];
  /** Top-level keys the schema does not have, when they are no problem. */
  readonly unknownKeys: number;
  /** Present when there are no problems. Optional members that are null in the text are left out. */
  readonly event?: AuditEventData;
  /** Present when there are no problems. Seconds since 1970, below 2^32. */
  readonly eventTimeSeconds?: number;
}

const none: readonly Problem[] = Object.freeze([]);

/**
 * Checks one entry of PutAuditEvents against the schema of eventData: checks 1 to 8 of spec 1.7, in that order. Never
 * throws; linear in the text. Text over the size limit is not parsed, and nothing is looked for inside text that is not
 * JSON. Whatever the `sender` profile accepts, `server` accepts.
 */
export function checkAuditEvent(
  entry: { readonly eventData: string; readonly eventDataChecksum?: string | null | undefined },
  options: CheckOptions,
): CheckResult {
  const text: unknown = entry.eventData;
  if (typeof text !== "string") return refused([problem("InvalidData", "", "eventData must be a string")]);
  const problems: Problem[] = [];
  const checksum: unknown = entry.eventDataChecksum;
  if (checksum !== undefined && checksum !== null)
    if (typeof checksum !== "string" || !checksumMatches(text, checksum))
      problems.push(
        problem("InvalidChecksum", "", "eventDataChecksum is not the padded Base64 SHA-256 of eventData's UTF-8 bytes"),
      );
  const limit = limits[options.profile].event;
  if (text.length * 3 > limit && (text.length > limit || utf8Length(text) > limit)) {
    problems.push(problem("FieldTooLong", "", `eventData is larger than ${limit} bytes`));
    return refused(problems);
  }
  const value = readEventData(text);
  if (typeof value === "string") {
    problems.push(problem("InvalidData", "", value));
    return refused(problems);
  }
  return checkParsed(value, text.length, options, problems);
}

/**
 * Checks 4 to 8 of {@link checkAuditEvent}, for a caller that wrote the text itself and still has the value: nothing is
 * parsed. The value must be what the text would parse to, members that are undefined aside; its optional members that are
 * null are removed from it.
 * @param textLength of the text, UTF-16 units: it must be within the size limit of an event
 */
export function checkAuditEventValue(value: JsonObject, textLength: number, options: CheckOptions): CheckResult {
  return checkParsed(value, textLength, options, none);
}

function checkParsed(
  value: JsonObject,
  textLength: number,
  options: CheckOptions,
  problems: readonly Problem[],
): CheckResult {
  const checker = new FieldChecker(value, textLength, options);
  if (!conforms(value, checker) || problems.length > 0) return refused([...problems, ...checker.problems()]);
  return { problems: none, unknownKeys: checker.unknownKeys, event: value, eventTimeSeconds: checker.eventTimeSeconds };
}

function conforms(_: unknown, checker: FieldChecker): _ is AuditEventData {
  return checker.check();
}

function refused(problems: readonly Problem[]): CheckResult {
  return { problems: problems.slice(0, 100), unknownKeys: 0 };
}
