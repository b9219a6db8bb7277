import { ipAddress, ipText } from "./functions/ip-functions.ts";
import type { Emitted } from "./scope.ts";
import { failing } from "./functions/failing.ts";
import { shortName } from "./functions/argument-kinds.ts";
import { letIn } from "./functions/function-row.ts";
import {
  date,
  duckdbType,
  isInteger,
  isTemporal,
  timestamp,
  timestamptz,
  typeName,
  varchar,
  type SqlType,
} from "./sql-type.ts";
import { literal } from "./sql-text.ts";
import { parseTime, timeText } from "./time-text.ts";
import { isZone, offsetMinutes, wallClock } from "./wall-clock.ts";
import { atWallClock } from "./functions/time-functions.ts";

/** `DATE '..'`, `TIMESTAMP '..'`, `TIME '..'`; undefined when the text is none. */
export function emitTypedLiteral(kind: "DATE" | "TIMESTAMP" | "TIME", text: string): Emitted | undefined {
  if (kind === "TIME")
    return /^\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?$/.test(text.trim())
      ? { sql: `TIME ${literal(text.trim())}`, type: { kind: "time" } }
      : undefined;
  const micros = parseTime(text);
  if (micros === undefined) return kind === "TIMESTAMP" ? timeInZone(text) : undefined;
  if (kind === "DATE") return { sql: `DATE '${timeText(micros).slice(0, 10)}'`, type: date };
  const zone = text.trim().length > 12 ? /(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$/i.exec(text.trim())?.[0] : undefined;
  if (zone === undefined) return { sql: `TIMESTAMP '${timeText(micros)}'`, type: timestamp };
  const offset = offsetMinutes(zone);
  return {
    sql: `TIMESTAMPTZ '${timeText(micros)}+00'`,
    type: offset === undefined || offset === 0 ? timestamptz : { kind: "timestamptz", zone },
  };
}

/** `2026-01-02 03:04:05 Europe/Berlin`; undefined when it is no time in a zone. */
function timeInZone(text: string): Emitted | undefined {
  const match = /^(.*\d) +([A-Za-z][A-Za-z0-9_+/-]*)$/.exec(text.trim());
  const micros = match?.[1] === undefined ? undefined : parseTime(match[1]);
  const zone = match?.[2];
  if (micros === undefined || zone === undefined || !isZone(zone)) return undefined;
  return atWallClock(`TIMESTAMP '${timeText(micros)}'`, zone, (message) => {
    throw new RangeError(message);
  });
}

const nested = (type: SqlType): boolean => type.kind === "array" || type.kind === "map" || type.kind === "row";

/** CAST and TRY_CAST with Trino's meaning. */
export function emitCast(of: Emitted, to: SqlType, safe: boolean, fail: (message: string) => never): Emitted {
  if (to.kind === "varchar") {
    if (nested(of.type)) fail(`${shortName(of.type)} cannot be cast to varchar; cast it to json and use json_format`);
    const text = asText(of);
    if (to.length === undefined) return { sql: text, type: varchar };
    if (of.type.kind === "varchar" || of.type.kind === "unknown")
      return { sql: `left(${text}, ${to.length})`, type: varchar };
    // A number is not cut.
    const fitting = letIn(
      [text],
      (whole) =>
        `CASE WHEN length(${whole}) > ${to.length} THEN ${safe ? "NULL" : `CAST(${failing("length")} AS VARCHAR)`} ELSE ${whole} END`,
    );
    return { sql: fitting, type: varchar };
  }
  if (to.kind === "json") {
    if (of.type.kind === "json") return of;
    // A cast to JSON makes a JSON value of the text; json_parse reads text as JSON.
    return {
      sql: `to_json(${isTemporal(of.type) || of.type.kind === "varchar" ? `CAST(${asText(of)} AS VARCHAR)` : of.sql})`,
      type: to,
    };
  }
  if (to.kind === "ipaddress") {
    if (of.type.kind === "ipaddress") return of;
    if (of.type.kind !== "varchar") fail(`${typeName(of.type)} cannot be cast to ipaddress`);
    return { sql: safe ? `TRY(${ipAddress(of.sql)})` : ipAddress(of.sql), type: to };
  }
  if (nested(to) && of.type.kind === "varchar") fail(`varchar cannot be cast to ${typeName(to)}; use json_parse first`);
  if (to.kind === "timestamptz" && of.type.kind === "varchar")
    // The engine reads an offset only where no blank is before it.
    return {
      sql: `${safe ? "TRY_CAST" : "CAST"}(regexp_replace(${of.sql}, ' +([+-][0-9]{1,2}:[0-9]{2})$', '\\1') AS TIMESTAMPTZ)`,
      type: to,
    };
  if ((to.kind === "date" || to.kind === "timestamp" || to.kind === "time") && of.type.kind === "timestamptz")
    return { sql: `CAST(CAST(${wallClock(of)} AS TIMESTAMP) AS ${duckdbType(to)})`, type: to };
  if (to.kind === "timestamp" && of.type.kind === "varchar") {
    return { sql: `CAST(${safe ? "TRY_CAST" : "CAST"}(${of.sql} AS TIMESTAMPTZ) AS TIMESTAMP)`, type: to };
  }
  return { sql: `${safe ? "TRY_CAST" : "CAST"}(${strict(of, to)} AS ${duckdbType(to)})`, type: to };
}

/** What is cast, in a form that the engine's cast reads as Trino's does: no blanks around digits, halves away from zero. */
function strict({ sql, type }: Emitted, to: SqlType): string {
  if (isInteger(to) && (type.kind === "double" || type.kind === "real")) return `round(${sql})`;
  if (isInteger(to) && type.kind === "varchar")
    return `CASE WHEN regexp_full_match(${sql}, '[+-]?[0-9]+') THEN ${sql} ELSE 'not a whole number: ' || ${sql} END`;
  if (to.kind === "boolean" && type.kind === "varchar")
    return `CASE WHEN lower(${sql}) IN ('true', 'false', 't', 'f', '1', '0') THEN ${sql} ELSE 'not a boolean: ' || ${sql} END`;
  return sql;
}

/** A value as the text that a cast to varchar makes of it. */
export function asText({ sql, type }: Emitted): string {
  if (type.kind === "varchar") return sql;
  if (type.kind === "ipaddress") return ipText(sql);
  if (type.kind === "json") return `json_extract_string(${sql}, '$')`;
  if (type.kind === "timestamp" || type.kind === "timestamptz")
    return `strftime(${wallClock({ sql, type })}, '%Y-%m-%d %H:%M:%S.%g')`;
  if (type.kind === "double" || type.kind === "real") return doubleAsText(sql);
  if (type.kind === "time") return `strftime(DATE '1970-01-01' + ${sql}, '%H:%M:%S.%g')`;
  // The engine leaves out the zero before the point.
  if (type.kind === "decimal") return `regexp_replace(CAST(${sql} AS VARCHAR), '^(-?)[.]', '\\10.')`;
  return type.kind === "varbinary" ? `decode(${sql})` : `CAST(${sql} AS VARCHAR)`;
}

/** A double as Trino casts it: one digit before the point, always an exponent: `1.0E10`, `1.5E0`. */
const doubleAsText = (sql: string): string =>
  letIn([`CAST(${sql} AS VARCHAR)`], (text) =>
    letIn(
      [
        text,
        `ltrim(split_part(${text}, 'e', 1), '-')`,
        `coalesce(TRY_CAST(nullif(split_part(${text}, 'e', 2), '') AS INTEGER), 0)`,
      ],
      (whole, plain, exponent) => {
        const digits = `rtrim(ltrim(replace(${plain}, '.', ''), '0'), '0')`;
        const left = `ltrim(split_part(${plain}, '.', 1), '0')`;
        const right = `split_part(${plain}, '.', 2)`;
        const size = `(CASE WHEN ${left} <> '' THEN length(${left}) - 1 ELSE length(ltrim(${right}, '0')) - length(${right}) - 1 END + ${exponent})`;
        const sign = `CASE WHEN starts_with(${whole}, '-') THEN '-' ELSE '' END`;
        return `CASE WHEN ${whole} IN ('inf', '-inf') THEN ${sign} || 'Infinity' WHEN ${whole} = 'nan' THEN 'NaN' WHEN ${digits} = '' THEN ${sign} || '0E0' ELSE ${sign} || left(${digits}, 1) || '.' || coalesce(nullif(substr(${digits}, 2), ''), '0') || 'E' || ${size} END`;
      },
    ),
  );
