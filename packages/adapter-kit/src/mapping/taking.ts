import type { Json, JsonObject } from "../contract/json.ts";
import { isObject } from "../own-property.ts";
import { ipAddress } from "./ip-address.ts";
import { markTaken, rest } from "./rest.ts";
import type { Taken } from "./rest.ts";
import { text, valueAt } from "./text.ts";
import type { Step } from "./text.ts";

/**
 * Reads a record and remembers what was read, so that {@link Taking.rest} is exactly what has no other place in the
 * event. What cannot be used (null, blank, another type) is not taken and so stays in the rest.
 */
export interface Taking {
  /** The text at a path (numbers and booleans as text), taken; undefined when there is none. */
  text(...path: readonly Step[]): string | undefined;
  /** Whatever is at a path, with all below it, taken; undefined for null, a blank text, and absent. */
  value(...path: readonly Step[]): Json | undefined;
  /** The object at a path, with all below it, taken; undefined for anything else. */
  object(...path: readonly Step[]): JsonObject | undefined;
  /** The IPv4 or IPv6 literal at a path, taken; anything else stays. */
  ipAddress(...path: readonly Step[]): string | undefined;
  /** Every leaf not taken so far, at its own path: call it last. See {@link rest}. */
  rest(): JsonObject | undefined;
}

/** A {@link Taking} of one record. */
export function taking(record: unknown): Taking {
  const taken: Taken = new Map();
  const take = <Value>(value: Value | undefined, path: readonly Step[]): Value | undefined => {
    if (value !== undefined) markTaken(taken, path);
    return value;
  };
  return {
    text: (...path) => take(text(valueAt(record, ...path)), path),
    value: (...path) => {
      const value = valueAt(record, ...path) ?? undefined;
      return take(typeof value === "string" ? text(value) : value, path);
    },
    object: (...path) => {
      const value = valueAt(record, ...path);
      return take(isObject(value) ? value : undefined, path);
    },
    ipAddress: (...path) => take(ipAddress(valueAt(record, ...path)), path),
    rest: () => rest(record, taken),
  };
}
