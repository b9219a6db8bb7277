import type { Emitted } from "./scope.ts";
import { date, duckdbType, isTemporal, timestamp, timestamptz, typeName, varchar, type SqlType } from "./sql-type.ts";
import { literal } from "./sql-text.ts";
import { parseTime, timeText } from "./time-text.ts";

/** `DATE '..'`, `TIMESTAMP '..'`, `TIME '..'`; undefined when the text is none. */
export function emitTypedLiteral(kind: "DATE" | "TIMESTAMP" | "TIME", text: string): Emitted | undefined {
  if (kind === "TIME")
    return /^\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?$/.test(text.trim())
      ? { sql: `TIME ${literal(text.trim())}`, type: { kind: "time" } }
      : undefined;
  const micros = parseTime(text);
  if (micros === undefined) return undefined;
  if (kind === "DATE") return { sql: `DATE '${timeText(micros).slice(0, 10)}'`, type: date };
  const zoned = /(Z|UTC|GMT|[+-]\d{2}:?\d{2})$/i.test(text.trim()) && text.trim().length > 12;
  return {
    sql: `${zoned ? "TIMESTAMPTZ" : "TIMESTAMP"} '${timeText(micros)}${zoned ? "+00" : ""}'`,
    type: zoned ? timestamptz : timestamp,
  };
}

const nested = (type: SqlType): boolean => type.kind === "array" || type.kind === "map" || type.kind === "row";

/** CAST and TRY_CAST with Trino's meaning. */
export function emitCast(of: Emitted, to: SqlType, safe: boolean, fail: (message: string) => never): Emitted {
  if (to.kind === "varchar") {
    if (nested(of.type)) fail(`${typeName(of.type)} cannot be cast to varchar; cast it to json and use json_format`);
    const text = asText(of);
    return { sql: to.length === undefined ? text : `left(${text}, ${to.length})`, type: varchar };
  }
  if (to.kind === "json") {
    if (of.type.kind === "json") return of;
    // A cast to JSON makes a JSON value of the text; json_parse reads text as JSON.
    return {
      sql: `to_json(${isTemporal(of.type) || of.type.kind === "varchar" ? `CAST(${asText(of)} AS VARCHAR)` : of.sql})`,
      type: to,
    };
  }
  if (nested(to) && of.type.kind === "varchar") fail(`varchar cannot be cast to ${typeName(to)}; use json_parse first`);
  if (to.kind === "timestamp" && of.type.kind === "varchar") {
    return { sql: `CAST(${safe ? "TRY_CAST" : "CAST"}(${of.sql} AS TIMESTAMPTZ) AS TIMESTAMP)`, type: to };
  }
  return { sql: `${safe ? "TRY_CAST" : "CAST"}(${of.sql} AS ${duckdbType(to)})`, type: to };
}

function asText({ sql, type }: Emitted): string {
  if (type.kind === "varchar") return sql;
  if (type.kind === "json") return `json_extract_string(${sql}, '$')`;
  if (type.kind === "timestamp" || type.kind === "timestamptz") return `strftime(${sql}, '%Y-%m-%d %H:%M:%S.%g')`;
  return type.kind === "varbinary" ? `decode(${sql})` : `CAST(${sql} AS VARCHAR)`;
}
