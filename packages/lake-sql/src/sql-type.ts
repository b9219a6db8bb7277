import { quoted } from "./sql-text.ts";

/** A Trino type, as far as the emitters need to tell types apart. */
export type SqlType =
  | { readonly kind: SimpleKind }
  /** An instant. Its parts, its days and its text are those of `zone`, a time zone's name or an offset; of UTC without one. */
  | { readonly kind: "timestamptz"; readonly zone?: string }
  | { readonly kind: "varchar"; readonly length?: number }
  | { readonly kind: "decimal"; readonly precision?: number; readonly scale?: number }
  | { readonly kind: "array"; readonly element: SqlType }
  | { readonly kind: "map"; readonly key: SqlType; readonly value: SqlType }
  | { readonly kind: "row"; readonly fields: readonly RowField[] };

export type SimpleKind =
  | "unknown"
  | "boolean"
  | "tinyint"
  | "smallint"
  | "integer"
  | "bigint"
  | "real"
  | "double"
  | "varbinary"
  | "date"
  | "time"
  | "timestamp"
  /** Days, hours, minutes, seconds. */
  | "interval"
  /** Years and months. */
  | "months"
  | "json"
  | "uuid"
  | "ipaddress";

export interface RowField {
  readonly name: string;
  readonly type: SqlType;
}

const simple = (kind: SimpleKind): SqlType => ({ kind });
export const unknownType: SqlType = simple("unknown");
export const varchar: SqlType = { kind: "varchar" };
export const boolean: SqlType = simple("boolean");
export const bigint: SqlType = simple("bigint");
export const double: SqlType = simple("double");
export const date: SqlType = simple("date");
export const timestamp: SqlType = simple("timestamp");
export const timestamptz: SqlType = { kind: "timestamptz" };
export const interval: SqlType = simple("interval");
export const json: SqlType = simple("json");
export const arrayOf = (element: SqlType): SqlType => ({ kind: "array", element });
export const mapOf = (key: SqlType, value: SqlType): SqlType => ({ kind: "map", key, value });
export const rowOf = (fields: Readonly<Record<string, SqlType>>): SqlType => ({
  kind: "row",
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
});

export type Category = "string" | "number" | "boolean" | "temporal" | "other";

/** Types of different categories (but `other`) cannot be compared in Trino. */
export function category(type: SqlType): Category {
  if (type.kind === "varchar") return "string";
  if (type.kind === "boolean") return "boolean";
  if (isNumber(type)) return "number";
  if (isTemporal(type)) return "temporal";
  return "other";
}

export const isInteger = (type: SqlType): boolean => ["tinyint", "smallint", "integer", "bigint"].includes(type.kind);
export const isNumber = (type: SqlType): boolean =>
  isInteger(type) || ["real", "double", "decimal"].includes(type.kind);
export const isTemporal = (type: SqlType): boolean => ["date", "timestamp", "timestamptz"].includes(type.kind);

const longNames = new Map<SqlType["kind"], string>([
  ["timestamptz", "timestamp with time zone"],
  ["interval", "interval day to second"],
  ["months", "interval year to month"],
]);

/** The type as a user writes it. */
export function typeName(type: SqlType): string {
  if (type.kind === "array") return `array(${typeName(type.element)})`;
  if (type.kind === "map") return `map(${typeName(type.key)}, ${typeName(type.value)})`;
  if (type.kind === "row")
    return `row(${type.fields.map((field) => `${field.name} ${typeName(field.type)}`.trim()).join(", ")})`;
  if (type.kind === "decimal") return `decimal(${type.precision ?? 38},${type.scale ?? 0})`;
  return longNames.get(type.kind) ?? type.kind;
}

const duckdbNames = new Map<string, string>([
  ["timestamptz", "TIMESTAMPTZ"],
  ["varbinary", "BLOB"],
  ["ipaddress", "VARCHAR"],
  ["unknown", "VARCHAR"],
  ["months", "INTERVAL"],
]);

/** The type in DuckDB's spelling. */
export function duckdbType(type: SqlType): string {
  if (type.kind === "array") return `${duckdbType(type.element)}[]`;
  if (type.kind === "map") return `MAP(${duckdbType(type.key)}, ${duckdbType(type.value)})`;
  if (type.kind === "row")
    return `STRUCT(${type.fields.map((field, index) => `${quoted(field.name || `field${index}`)} ${duckdbType(field.type)}`).join(", ")})`;
  if (type.kind === "decimal") return `DECIMAL(${type.precision ?? 38}, ${type.scale ?? 0})`;
  return duckdbNames.get(type.kind) ?? type.kind.toUpperCase();
}

const wholeDigits: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 };

function commonDecimal(types: readonly SqlType[]): SqlType {
  const scaleOf = (type: SqlType): number => (type.kind === "decimal" ? (type.scale ?? 0) : 0);
  const digitsOf = (type: SqlType): number =>
    type.kind === "decimal" ? (type.precision ?? 38) - (type.scale ?? 0) : (wholeDigits[type.kind] ?? 0);
  const scale = Math.max(...types.map(scaleOf));
  return { kind: "decimal", precision: Math.min(38, Math.max(...types.map(digitsOf)) + scale), scale };
}

const widths: readonly SqlType["kind"][] = ["tinyint", "smallint", "integer", "bigint", "decimal", "real", "double"];
const moments: readonly SqlType["kind"][] = ["date", "timestamp", "timestamptz"];

/** Whether every value of a type is read as one of the other without a cast, as Trino does. */
export function coercible(from: SqlType, to: SqlType): boolean {
  if (from.kind === "unknown") return true;
  if (to.kind === "decimal" && (from.kind === "decimal" || isInteger(from))) {
    const whole = commonDecimal([from, to]);
    return typeName(whole) === typeName(to);
  }
  if (from.kind === "array" && to.kind === "array") return coercible(from.element, to.element);
  if (from.kind === to.kind) return from.kind === "varchar" || typeName(from) === typeName(to);
  for (const order of [widths, moments])
    if (order.includes(from.kind) && order.includes(to.kind)) return order.indexOf(from.kind) < order.indexOf(to.kind);
  return false;
}

/** The type two branches of one expression share: the wider number, else the first that is known. */
export function commonType(types: readonly SqlType[]): SqlType {
  const known = types.filter((type) => type.kind !== "unknown");
  const first = known[0];
  if (first === undefined) return unknownType;
  if (known.every(isNumber)) {
    if (known.some((type) => type.kind === "double" || type.kind === "real")) return double;
    if (known.some((type) => type.kind === "decimal")) return commonDecimal(known);
    return known.every((type) => type.kind === first.kind)
      ? first
      : known.some((type) => type.kind === "bigint")
        ? bigint
        : simple("integer");
  }
  const zoned = known.find((type) => type.kind === "timestamptz");
  if (zoned !== undefined)
    return known.every((type) => JSON.stringify(type) === JSON.stringify(zoned)) ? zoned : timestamptz;
  return known.find((type) => type.kind === "timestamp") ?? first;
}
