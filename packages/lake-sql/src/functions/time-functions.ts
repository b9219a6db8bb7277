import { bigint, date, double, timestamp, timestamptz, varchar } from "../sql-type.ts";
import { nullValue, type Emitted } from "../scope.ts";
import { literal } from "../sql-text.ts";
import { scalar, type CallContext, type FunctionRow } from "./function-row.ts";

const units = ["millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"];

function unit(arg: Emitted | undefined, context: CallContext): string {
  const text = arg?.text?.toLowerCase();
  if (text === undefined || !units.includes(text))
    return context.fail(`the unit must be one of ${units.map((name) => `'${name}'`).join(", ")}`);
  return text;
}

/** `n` units of time as a DuckDB interval. */
export function intervalSql(n: string, name: string): string {
  if (name === "quarter") return `to_months(CAST(3 * (${n}) AS INTEGER))`;
  return ["day", "week", "month", "year"].includes(name) ? `to_${name}s(CAST(${n} AS INTEGER))` : `to_${name}s(${n})`;
}

// MySQL's letters, which Trino's date_format takes, in strftime's.
const letters: Readonly<Record<string, string>> = {
  i: "%M",
  M: "%B",
  s: "%S",
  W: "%A",
  c: "%-m",
  e: "%-d",
  k: "%-H",
  l: "%-I",
  h: "%I",
  T: "%H:%M:%S",
  r: "%I:%M:%S %p",
  v: "%V",
  x: "%G",
  ...Object.fromEntries("YymdHISpabjf%".split("").map((letter) => [letter, `%${letter}`])),
};

function format(arg: Emitted | undefined, context: CallContext): string {
  if (arg?.text === undefined) return context.fail("the format must be a string literal");
  return literal(
    arg.text.replace(
      /%(.?)/gs,
      (_, letter: string) => letters[letter] ?? context.fail(`%${letter} in a date format is not supported`),
    ),
  );
}

/** The wall-clock time in a zone, named or as an offset. */
export function inZone(at: string, zone: Emitted): string {
  const offset = /^([+-])(\d{1,2}):?(\d{2})$/.exec(zone.text ?? "");
  if (offset === null) return `timezone(${zone.sql}, CAST(${at} AS TIMESTAMPTZ))`;
  const minutes = Number(offset[2]) * 60 + Number(offset[3]);
  return `(CAST(CAST(${at} AS TIMESTAMPTZ) AS TIMESTAMP) + to_minutes(${offset[1] === "-" ? -minutes : minutes}))`;
}

const part = (name: string, sql: string): FunctionRow => scalar(name, 1, bigint, (at) => `${sql}(${at})`);

export const timeFunctions: readonly FunctionRow[] = [
  scalar("now", 0, timestamptz, () => "now()"),
  scalar("date", 1, date, (at) => `CAST(${at} AS DATE)`),
  ...["year", "quarter", "month", "week", "day", "hour", "minute", "second"].map((name) => part(name, name)),
  part("week_of_year", "week"),
  part("day_of_month", "day"),
  part("day_of_week", "isodow"),
  part("dow", "isodow"),
  part("day_of_year", "dayofyear"),
  part("doy", "dayofyear"),
  part("year_of_week", "isoyear"),
  part("yow", "isoyear"),
  scalar("millisecond", 1, bigint, (at) => `(millisecond(${at}) % 1000)`),
  scalar("last_day_of_month", 1, date, (at) => `last_day(CAST(${at} AS DATE))`),
  {
    name: "date_trunc",
    kind: "scalar",
    arity: [2, 2],
    emit: ([name, at], context) => {
      const sql = `date_trunc('${unit(name, context)}', ${at?.sql})`;
      return at?.type.kind === "date"
        ? { sql: `CAST(${sql} AS DATE)`, type: date }
        : { sql, type: at?.type ?? timestamp };
    },
  },
  {
    name: "date_add",
    kind: "scalar",
    arity: [3, 3],
    emit: ([name, n, at], context) => {
      const sql = `(${at?.sql} + ${intervalSql(n?.sql ?? "", unit(name, context))})`;
      return at?.type.kind === "date"
        ? { sql: `CAST(${sql} AS DATE)`, type: date }
        : { sql, type: at?.type ?? timestamp };
    },
  },
  {
    // Whole units that have passed: DuckDB's date_diff counts boundaries, its date_sub what Trino counts.
    name: "date_diff",
    kind: "scalar",
    arity: [3, 3],
    emit: ([name, from, to], context) => ({
      sql: `date_sub('${unit(name, context)}', ${from?.sql}, ${to?.sql})`,
      type: bigint,
    }),
  },
  {
    name: "date_format",
    kind: "scalar",
    arity: [2, 2],
    emit: ([at, text], context) => ({ sql: `strftime(${at?.sql}, ${format(text, context)})`, type: varchar }),
  },
  {
    name: "date_parse",
    kind: "scalar",
    arity: [2, 2],
    emit: ([at, text], context) => ({ sql: `strptime(${at?.sql}, ${format(text, context)})`, type: timestamp }),
  },
  scalar("from_unixtime", 1, timestamptz, (seconds) => `to_timestamp(${seconds})`),
  scalar("to_unixtime", 1, double, (at) => `epoch(${at})`),
  scalar("from_iso8601_timestamp", 1, timestamptz, (text) => `CAST(${text} AS TIMESTAMPTZ)`),
  scalar("from_iso8601_date", 1, date, (text) => `CAST(${text} AS DATE)`),
  {
    name: "to_iso8601",
    kind: "scalar",
    arity: [1, 1],
    emit: ([at]) => ({
      sql: `strftime(${at?.sql}, '${at?.type.kind === "date" ? "%Y-%m-%d" : at?.type.kind === "timestamptz" ? "%Y-%m-%dT%H:%M:%S.%gZ" : "%Y-%m-%dT%H:%M:%S.%g"}')`,
      type: varchar,
    }),
  },
  {
    name: "at_timezone",
    kind: "scalar",
    arity: [2, 2],
    emit: ([at, zone]) => ({ sql: inZone(at?.sql ?? "", zone ?? nullValue), type: timestamp }),
  },
  scalar("with_timezone", 2, timestamptz, (at, zone) => `timezone(${zone}, CAST(${at} AS TIMESTAMP))`),
  scalar("current_timezone", 0, varchar, () => "'UTC'"),
  scalar("to_milliseconds", 1, bigint, (span) => `CAST(epoch_ms(${span}) AS BIGINT)`),
  {
    name: "format_datetime",
    kind: "scalar",
    arity: [2, 2],
    emit: ([at, text], context) => ({ sql: `strftime(${at?.sql}, ${jodaFormat(text, context)})`, type: varchar }),
  },
  {
    name: "parse_datetime",
    kind: "scalar",
    arity: [2, 2],
    emit: ([at, text], context) => ({
      sql: `CAST(strptime(${at?.sql}, ${jodaFormat(text, context)}) AS TIMESTAMPTZ)`,
      type: timestamptz,
    }),
  },
];

// Joda's letters, which Trino's format_datetime takes, in strftime's.
const joda: Readonly<Record<string, string>> = {
  yyyy: "%Y",
  YYYY: "%Y",
  y: "%Y",
  yy: "%y",
  MM: "%m",
  M: "%-m",
  MMM: "%b",
  MMMM: "%B",
  dd: "%d",
  d: "%-d",
  DDD: "%j",
  D: "%-j",
  HH: "%H",
  H: "%-H",
  hh: "%I",
  h: "%-I",
  mm: "%M",
  m: "%-M",
  ss: "%S",
  s: "%-S",
  SSS: "%g",
  a: "%p",
  E: "%a",
  EEE: "%a",
  EEEE: "%A",
  e: "%u",
  w: "%-V",
  ww: "%V",
  xxxx: "%G",
  Z: "%z",
};

function jodaFormat(arg: Emitted | undefined, context: CallContext): string {
  if (arg?.text === undefined) return context.fail("the format must be a string literal");
  return literal(
    arg.text.replaceAll(
      /'((?:[^']|'')*)'|([A-Za-z])\2*|%/g,
      (found, quoted: string | undefined, letter: string | undefined) => {
        if (found === "''") return "'";
        if (quoted !== undefined) return quoted.replaceAll("''", "'").replaceAll("%", "%%");
        if (letter === undefined) return "%%";
        return joda[found] ?? context.fail(`'${found}' in a date format is not supported`);
      },
    ),
  );
}
