import type { Json, JsonObject } from "../contract/json.ts";
import { isObject } from "../own-property.ts";
import { ipAddress } from "./ip-address.ts";
import { rest } from "./rest.ts";
import { Taken } from "./taken.ts";
import { text, valueAtPath } from "./text.ts";
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
  return new RecordTaking(record);
}

class RecordTaking implements Taking {
  readonly #record: unknown;
  readonly #taken = new Taken();

  constructor(record: unknown) {
    this.#record = record;
  }

  text(...path: readonly Step[]): string | undefined {
    return this.#take(text(valueAtPath(this.#record, path)), path);
  }

  value(...path: readonly Step[]): Json | undefined {
    const value = valueAtPath(this.#record, path) ?? undefined;
    return this.#take(typeof value === "string" ? text(value) : value, path);
  }

  object(...path: readonly Step[]): JsonObject | undefined {
    const value = valueAtPath(this.#record, path);
    return this.#take(isObject(value) ? value : undefined, path);
  }

  ipAddress(...path: readonly Step[]): string | undefined {
    return this.#take(ipAddress(valueAtPath(this.#record, path)), path);
  }

  rest(): JsonObject | undefined {
    return rest(this.#record, this.#taken);
  }

  #take<Value>(value: Value | undefined, path: readonly Step[]): Value | undefined {
    if (value !== undefined) this.#taken.add(path);
    return value;
  }
}
