import { parseEventTime } from "../event-time.ts";
import { isIpLiteral } from "../ip-literal.ts";
import type { Json, JsonObject } from "../json.ts";
import { limits } from "../limits.ts";
import { codePoints, utf8Length } from "../text-length.ts";
import type { CheckOptions } from "./check-audit-event.ts";
import { type Field, eventFields, identityFields } from "./fields.ts";
import { type Problem, problem, quoted } from "./problem.ts";
import { isObject } from "./read-event-data.ts";

/** More than these are not listed: a hostile event may have a hundred thousand unknown keys. */
const maxUnknown = 100;

/**
 * Compact re-serialisation of a value is at most this many bytes for each UTF-16 unit of the text it came from: a unit
 * is at most 3 bytes, and `1e20,` grows to 22.
 */
const growth = 5;

/** Checks 4 to 8 of spec 1.7 over a parsed eventData. Drops the optional members that are null. */
export class FieldChecker {
  unknownKeys = 0;
  eventTimeSeconds = 0;
  readonly #event: { [key: string]: Json };
  readonly #textLength: number;
  readonly #options: CheckOptions;
  readonly #closed: boolean;
  readonly #sender: boolean;
  /** Problems of steps 4 to 8, made when the first comes. */
  #steps: Problem[][] | undefined;

  constructor(event: JsonObject, textLength: number, options: CheckOptions) {
    this.#event = event;
    this.#textLength = textLength;
    this.#options = options;
    this.#sender = options.profile === "sender";
    this.#closed = this.#sender || options.strict === true;
  }

  /** Answers whether there was no problem. */
  check(): boolean {
    const event = this.#event;
    const known = this.#fields(event, eventFields);
    const identity = event["userIdentity"];
    if (isObject(identity)) {
      const knownOfIdentity = this.#fields(identity, identityFields);
      if (this.#closed) this.#unknown(identity, identityFields, knownOfIdentity, "/userIdentity/");
    }
    this.unknownKeys = this.#unknown(event, eventFields, known, "/");
    this.#values(event);
    return this.#steps === undefined;
  }

  /** In the spec's order. */
  problems(): readonly Problem[] {
    return this.#steps?.flat() ?? [];
  }

  #add(step: 4 | 5 | 6 | 7 | 8, found: Problem): void {
    this.#steps ??= [[], [], [], [], []];
    this.#steps[step - 4]!.push(found);
  }

  /** Presence, type and length of the members. Answers how many keys of the table are there. */
  #fields(object: { [key: string]: Json }, fields: readonly Field[]): number {
    let present = 0;
    for (const field of fields) {
      const value = object[field.key];
      if (value === undefined || value === null) {
        if (value === null) {
          present++;
          if (!field.required) {
            delete object[field.key];
            present--;
          }
        }
        if (field.required) this.#add(4, problem("FieldNotFound", field.path, `${field.name} is required`));
        continue;
      }
      present++;
      if (field.type === "string") this.#string(field, value);
      else this.#object(field, value);
    }
    return present;
  }

  #string(field: Field, value: Json): void {
    if (typeof value !== "string") {
      this.#add(5, problem("InvalidData", field.path, `${field.name} must be a string`));
      return;
    }
    // eventTime and recipientAccountId, the required strings without a longest length, have rules of their own.
    if (value === "" && field.required && this.#sender && field.maxLength < Number.POSITIVE_INFINITY)
      this.#add(5, problem("InvalidData", field.path, `${field.name} must not be empty`));
    if (value.length > field.maxLength && codePoints(value) > field.maxLength)
      this.#add(6, problem("FieldTooLong", field.path, `${field.name} is longer than ${field.maxLength} characters`));
  }

  #object(field: Field, value: Json): void {
    if (!isObject(value)) {
      this.#add(5, problem("InvalidData", field.path, `${field.name} must be a JSON object`));
      return;
    }
    if (field.size === undefined) return;
    const limit = limits[this.#options.profile][field.size];
    if (this.#textLength * growth > limit && utf8Length(JSON.stringify(value)) > limit)
      this.#add(6, problem("FieldTooLong", field.path, `${field.name} is larger than ${limit} bytes of compact JSON`));
  }

  /** Counts the keys that are not in the table; where they are a problem, says so. */
  #unknown(object: JsonObject, fields: readonly Field[], present: number, prefix: string): number {
    let keys = 0;
    for (const key in object) if (object[key] !== undefined) keys++;
    const unknown = keys - present;
    if (unknown === 0 || !this.#closed) return unknown;
    let listed = 0;
    for (const key in object) {
      if (object[key] === undefined || fields.some((field) => field.key === key)) continue;
      const path = prefix + key.replaceAll("~", "~0").replaceAll("/", "~1");
      this.#add(5, problem("InvalidData", path, `${quoted(key)} is not a key of the schema: use additionalEventData`));
      if (++listed === maxUnknown) break;
    }
    return unknown;
  }

  #values(event: JsonObject): void {
    const { eventTime, sourceIPAddress, recipientAccountId, eventSource } = event;
    if (typeof eventTime === "string") this.#time(eventTime);
    if (this.#closed && typeof sourceIPAddress === "string" && !isIpLiteral(sourceIPAddress)) {
      const message = `sourceIPAddress must be an IPv4 or IPv6 literal, not ${quoted(sourceIPAddress)}`;
      this.#add(5, problem("InvalidData", "/sourceIPAddress", message));
    }
    if (typeof recipientAccountId === "string" && recipientAccountId !== this.#options.accountId) {
      const message = `recipientAccountId must be the channel owner's account, not ${quoted(recipientAccountId)}`;
      this.#add(7, problem("InvalidRecipient", "/recipientAccountId", message));
    }
    const allowed = this.#options.eventSources;
    if (allowed && typeof eventSource === "string" && !allowed.includes(eventSource)) {
      const message = `eventSource ${quoted(eventSource)} is not one the channel may carry`;
      this.#add(8, problem("InvalidEventSource", "/eventSource", message));
    }
  }

  #time(text: string): void {
    const time = parseEventTime(text);
    if (time === undefined || (this.#sender && (text.length !== 20 || !text.endsWith("Z")))) {
      const form = this.#sender ? "YYYY-MM-DDTHH:MM:SSZ" : "YYYY-MM-DDTHH:MM:SS in UTC, with or without fraction and Z";
      this.#add(5, problem("InvalidData", "/eventTime", `eventTime must be ${form}, not ${quoted(text)}`));
      return;
    }
    const future = this.#options.maxFutureMs ?? limits.eventTimeFutureMs;
    if (time.seconds < 0 || time.seconds > 0xffff_ffff || time.millis > this.#options.now + future)
      this.#add(5, problem("InvalidData", "/eventTime", `eventTime ${text} is before 1970 or too far in the future`));
    this.eventTimeSeconds = time.seconds;
  }
}
