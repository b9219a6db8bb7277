import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  DuckDBTimeValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";

/**
 * A value as GetQueryResults prints it: a timestamp in UTC as `2023-01-22 16:53:53.000`, a time of day as `16:53:53.000`, a double as Java prints it, a map,
 * array or row as JSON text, bytes as hex pairs. null for NULL.
 */
export function valueText(value: DuckDBValue, type: DuckDBType): string | null {
  if (value === null) return null;
  if (typeof value === "string") return value;
  if (typeof value === "number")
    return type.alias === undefined && isFloat(type)
      ? doubleText(type.toString() === "FLOAT" ? shortest(value) : value)
      : String(value);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue)
    return timestampText(value.micros);
  if (value instanceof DuckDBTimeValue) return timestampText(value.micros).slice(11);
  if (value instanceof DuckDBDecimalValue || value instanceof DuckDBDateValue) return value.toString();
  if (value instanceof DuckDBBlobValue)
    return Buffer.from(value.bytes)
      .toString("hex")
      .replace(/(..)(?=.)/g, "$1 ");
  if (value instanceof DuckDBIntervalValue) return intervalText(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBStructValue || value instanceof DuckDBMapValue)
    return jsonText(value, type);
  return String(value);
}

function jsonText(value: DuckDBValue, type: DuckDBType): string {
  if (value === null) return "null";
  if (value instanceof DuckDBListValue) {
    const item = type instanceof DuckDBListType ? type.valueType : type;
    return `[${value.items.map((child) => jsonText(child, item)).join(",")}]`;
  }
  if (value instanceof DuckDBMapValue) {
    const [key, of] = type instanceof DuckDBMapType ? [type.keyType, type.valueType] : [type, type];
    return `{${value.entries.map((entry) => `${JSON.stringify(valueText(entry.key, key) ?? "null")}:${jsonText(entry.value, of)}`).join(",")}}`;
  }
  if (value instanceof DuckDBStructValue) {
    const types = type instanceof DuckDBStructType ? type.entryTypes : [];
    const fields = Object.entries(value.entries).map(
      ([name, child], index) =>
        `${JSON.stringify(name === "" ? `field${index}` : name)}:${jsonText(child, types[index] ?? type)}`,
    );
    return `{${fields.join(",")}}`;
  }
  // A JSON value inside a list or map is already JSON text.
  if (typeof value === "string" && type.alias === "JSON") return value;
  const text = valueText(value, type) ?? "null";
  if (typeof value === "boolean" || typeof value === "bigint" || value instanceof DuckDBDecimalValue) return text;
  return typeof value === "number" && Number.isFinite(value) ? text : JSON.stringify(text);
}

const isFloat = (type: DuckDBType): boolean => ["DOUBLE", "FLOAT"].includes(type.toString());

/** The shortest decimal that is this single-precision number. */
function shortest(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Java's Double.toString, which Trino prints: `1.0`, `1.0E10`, `1.5E-5`. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** `2023-01-22 16:53:53.000`; microseconds are cut. */
export function timestampText(micros: bigint): string {
  const millis = micros >= 0n ? micros / 1000n : (micros - 999n) / 1000n;
  const date = new Date(Number(millis));
  if (Number.isNaN(date.getTime())) return String(micros);
  return date.toISOString().replace("T", " ").slice(0, -1);
}

const pad = (part: bigint, width = 2): string => String(part).padStart(width, "0");

/** As Trino prints it: `2-3` for years and months, `1 02:03:04.567` for the rest. */
function intervalText({ months, days, micros }: DuckDBIntervalValue): string {
  if (months !== 0) return `${months < 0 ? "-" : ""}${Math.trunc(Math.abs(months) / 12)}-${Math.abs(months) % 12}`;
  const total = BigInt(days) * 86_400_000n + micros / 1000n;
  const size = total < 0n ? -total : total;
  return `${total < 0n ? "-" : ""}${size / 86_400_000n} ${pad((size / 3_600_000n) % 24n)}:${pad((size / 60_000n) % 60n)}:${pad((size / 1000n) % 60n)}.${pad(size % 1000n, 3)}`;
}
