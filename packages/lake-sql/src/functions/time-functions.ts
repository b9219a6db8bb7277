import { bigint, date, double, timestamp, timestamptz, typeName, varchar, type SqlType } from "../sql-type.ts";
import { nullValue, type Emitted } from "../scope.ts";
import { literal } from "../sql-text.ts";
import { datePart, instantAt, isZone, offsetText, onWallClock, wallClock, zoneMinutes } from "../wall-clock.ts";
import { jodaFormat, jodaText } from "./joda-format.ts";
import { scalar, type CallContext, type FunctionRow } from "./function-row.ts";

const units = ["millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"];

const dayUnits: ReadonlySet<string> = new Set(["day", "week", "month", "quarter", "year"]);

/** The unit that a text names: a date has none below days, a time of day none above hours. */
function unit(arg: Emitted | undefined, context: CallContext, of: SqlType): string {
  const text = arg?.text?.toLowerCase();
  const taken = units.filter((name) =>
    of.kind === "date" ? dayUnits.has(name) : of.kind !== "time" || !dayUnits.has(name),
  );
  if (text === undefined || !taken.includes(text))
    return context.fail(
      `the unit for ${of.kind === "unknown" ? "a time" : typeName(of)} must be one of ${taken.map((name) => `'${name}'`).join(", ")}`,
    );
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

/** An instant in a zone that is named or an offset; with a zone that each row has its own of, what its clock shows. */
export function inZone(at: Emitted, zone: Emitted, fail: (message: string) => never): Emitted {
  if (!["timestamp", "timestamptz", "unknown"].includes(at.type.kind))
    fail(`a timestamp has a time zone, ${typeName(at.type)} has none`);
  const sql = at.type.kind === "timestamptz" ? at.sql : `CAST(${at.sql} AS TIMESTAMPTZ)`;
  if (zone.text === undefined) {
    if (zone.type.kind !== "varchar") fail("a time zone is a text such as 'Europe/Berlin' or '+02:00'");
    return { sql: `timezone(${zone.sql}, ${sql})`, type: timestamp };
  }
  return { sql, type: zoned(zone.text, fail) };
}

function zoned(zone: string, fail: (message: string) => never): SqlType {
  if (!isZone(zone)) fail(`'${zone.slice(0, 60)}' is not a time zone such as 'Europe/Berlin' or '+02:00'`);
  return /^(?:utc|gmt|z|\+00:?00)$/i.test(zone) ? timestamptz : { kind: "timestamptz", zone };
}

/** An instant by what the clock in a zone shows. */
export function atWallClock(wall: string, zone: string, fail: (message: string) => never): Emitted {
  return { sql: instantAt(wall, zone), type: zoned(zone, fail) };
}

/** A function of what the clock shows in the argument's zone. */
const onClock = (name: string, type: SqlType, template: (wall: string) => string): FunctionRow => ({
  name,
  kind: "scalar",
  arity: [1, 1],
  emit: ([at]) => ({ sql: template(wallClock(at ?? nullValue)), type }),
});

const part = (name: string, engine: string): FunctionRow => ({
  name,
  kind: "scalar",
  arity: [1, 1],
  emit: ([at]) => ({ sql: datePart(engine, at ?? nullValue), type: bigint }),
});

export const timeFunctions: readonly FunctionRow[] = [
  scalar("now", 0, timestamptz, () => "now()"),
  onClock("date", date, (at) => `CAST(${at} AS DATE)`),
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
  onClock("last_day_of_month", date, (at) => `last_day(CAST(${at} AS DATE))`),
  ...(["hour", "minute"] as const).map((name): FunctionRow => ({
    name: `timezone_${name}`,
    kind: "scalar",
    arity: [1, 1],
    emit: ([at]) => ({
      sql: `CAST(${name === "hour" ? `trunc(${zoneMinutes(at ?? nullValue)} / 60)` : `${zoneMinutes(at ?? nullValue)} % 60`} AS BIGINT)`,
      type: bigint,
    }),
  })),
  {
    name: "date_trunc",
    kind: "scalar",
    arity: [2, 2],
    emit: ([name, at = nullValue], context) => {
      const by = unit(name, context, at.type);
      const truncated = onWallClock(at, (wall) => `date_trunc('${by}', ${wall})`);
      return at.type.kind === "date" ? { sql: `CAST(${truncated.sql} AS DATE)`, type: date } : truncated;
    },
  },
  {
    name: "date_add",
    kind: "scalar",
    arity: [3, 3],
    emit: ([name, n, at = nullValue], context) => {
      const by = unit(name, context, at.type);
      const sum = (moment: string): string => `(${moment} + ${intervalSql(n?.sql ?? "", by)})`;
      if (at.type.kind === "date") return { sql: `CAST(${sum(at.sql)} AS DATE)`, type: date };
      return dayUnits.has(by) ? onWallClock(at, sum) : { sql: sum(at.sql), type: at.type };
    },
  },
  {
    // Whole units that have passed: DuckDB's date_diff counts boundaries, its date_sub what Trino counts.
    name: "date_diff",
    kind: "scalar",
    arity: [3, 3],
    emit: ([name, from, to], context) => ({
      sql: difference(unit(name, context, from?.type ?? timestamp), from ?? nullValue, to ?? nullValue),
      type: bigint,
    }),
  },
  {
    name: "date_format",
    kind: "scalar",
    arity: [2, 2],
    emit: ([at, text], context) => ({
      sql: `strftime(${wallClock(at ?? nullValue)}, ${format(text, context)})`,
      type: varchar,
    }),
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
  scalar(
    "from_iso8601_date",
    1,
    date,
    (text) =>
      `CASE WHEN regexp_full_match(${text}, '[0-9]{4}-W[0-9]{2}') THEN CAST(strptime(${text} || '-1', '%G-W%V-%u') AS DATE) WHEN regexp_full_match(${text}, '[0-9]{4}-W[0-9]{2}-[1-7]') THEN CAST(strptime(${text}, '%G-W%V-%u') AS DATE) WHEN regexp_full_match(${text}, '[0-9]{4}-[0-9]{3}') THEN CAST(strptime(${text}, '%Y-%j') AS DATE) ELSE CAST(${text} AS DATE) END`,
  ),
  {
    name: "to_iso8601",
    kind: "scalar",
    arity: [1, 1],
    emit: ([at = nullValue]) => {
      if (at.type.kind === "date") return { sql: `strftime(${at.sql}, '%Y-%m-%d')`, type: varchar };
      const text = `strftime(${wallClock(at)}, '%Y-%m-%dT%H:%M:%S.%g')`;
      if (at.type.kind !== "timestamptz") return { sql: text, type: varchar };
      return { sql: `(${text} || ${at.type.zone === undefined ? "'Z'" : offsetText(at, ":")})`, type: varchar };
    },
  },
  {
    name: "at_timezone",
    kind: "scalar",
    arity: [2, 2],
    emit: ([at, zone], context) => inZone(at ?? nullValue, zone ?? nullValue, (message) => context.fail(message)),
  },
  {
    name: "with_timezone",
    kind: "scalar",
    arity: [2, 2],
    emit: ([at, zone], context) =>
      zone?.text === undefined
        ? { sql: `timezone(${zone?.sql}, CAST(${at?.sql} AS TIMESTAMP))`, type: timestamptz }
        : atWallClock(at?.sql ?? "", zone.text, (message) => context.fail(message)),
  },
  scalar("current_timezone", 0, varchar, () => "'UTC'"),
  scalar("to_milliseconds", 1, bigint, (span) => `CAST(epoch_ms(${span}) AS BIGINT)`),
  {
    name: "format_datetime",
    kind: "scalar",
    arity: [2, 2],
    emit: ([at, text], context) => ({ sql: jodaText(at ?? nullValue, text, context), type: varchar }),
  },
  {
    name: "parse_datetime",
    kind: "scalar",
    arity: [2, 2],
    emit: ([at, text], context) => ({
      sql: `CAST(strptime(${at?.sql}, ${literal(jodaFormat(text, context))}) AS TIMESTAMPTZ)`,
      type: timestamptz,
    }),
  },
];

/** Whole units from one moment to another; days and longer ones on the clock of the first one's zone. */
function difference(by: string, from: Emitted, to: Emitted): string {
  const zone = from.type.kind === "timestamptz" ? from.type.zone : undefined;
  if (zone === undefined || !dayUnits.has(by)) return `date_sub('${by}', ${from.sql}, ${to.sql})`;
  const until = { sql: `CAST(${to.sql} AS TIMESTAMPTZ)`, type: from.type };
  return `date_sub('${by}', ${wallClock(from)}, ${wallClock(until)})`;
}
