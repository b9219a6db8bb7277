/** A point in time, ms since 1970. */
export class Time {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

/** A span of time, ms. */
export class Span {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

/** Fields with names. */
export class Row {
  readonly fields: readonly (readonly [name: string, value: Value])[];

  constructor(fields: readonly (readonly [name: string, value: Value])[]) {
    this.fields = fields;
  }
}

/** A JSON value: what json_parse and json_extract answer. */
export class Json {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** An address of IPv4 or IPv6. */
export class Address {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A lambda. */
export type Lambda = (...values: readonly Value[]) => Value;

/** A value of SQL: bigint for whole numbers, number for doubles, null for NULL. */
export type Value =
  | string
  | bigint
  | number
  | boolean
  | null
  | Time
  | Span
  | Row
  | Json
  | Address
  | Uint8Array
  | ReadonlyMap<string, Value>
  | readonly Value[]
  | Lambda;

/** What is wrong with a statement, found before it runs. */
export class StatementError extends Error {}

/** Why a statement fails while it runs. */
export class RunError extends Error {}

/** `2023-01-22 16:53:53.000`. */
export const timeText = (ms: number): string => new Date(ms).toISOString().replace("T", " ").slice(0, -1);

/** A double as Java prints it: `1.0`, `1.0E7`. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** A value as a cell of a result has it; a nested one as JSON. */
export function cellText(value: Value): string | null {
  if (value === null) return null;
  if (typeof value === "string") return value;
  if (typeof value === "number") return doubleText(value);
  if (value instanceof Time) return timeText(value.ms);
  if (value instanceof Address) return value.text;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (typeof value === "object") return JSON.stringify(plain(value));
  return String(value);
}

/** A value as text; empty for NULL. */
export const textOf = (value: Value): string => cellText(value) ?? "";

/** A value as JSON has it. */
export function plain(value: Value): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Json) return value.value;
  if (value instanceof Row) return Object.fromEntries(value.fields.map(([name, inner]) => [name, plain(inner)]));
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]));
  if (isList(value)) return value.map(plain);
  return typeof value === "object" ? cellText(value) : value;
}

/** Whether it is an array. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether it is a map. */
export function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

/** A text by which equal values are found: DISTINCT, GROUP BY and set operations take NULL for equal to NULL. */
export const keyOf = (values: readonly Value[]): string =>
  JSON.stringify(values.map((value) => [typeof value, cellText(value)]));
