import type { Mutant } from "./mutant.ts";
import { inSql } from "./query-mutant.ts";
import type { SqlFunction } from "./sql/arguments.ts";
import { sqlRules } from "./sql/sql-rules.ts";
import { cellText, isList, RunError, textOf, Time, type Value } from "./sql/value.ts";

const { functions } = sqlRules;

/** A function that has another value than Trino's. */
const other = (
  name: string,
  kills: readonly string[],
  key: string,
  change: (usual: SqlFunction) => SqlFunction,
): Mutant => inSql(name, kills, { functions: { ...functions, [key]: change(functions[key]!) } });
const ms = (value: Value | undefined): number => (value instanceof Time ? value.ms : 0);
const text = (value: Value | undefined): string => textOf(value ?? null);

/** Lakes with functions that say something else than Trino's: what other engines of that name answer. */
export const functionMutants: readonly Mutant[] = [
  other(
    "counts UTF-16 units of a text",
    ["query/function/texts"],
    "length",
    () =>
      ([value]) =>
        BigInt(text(value).length),
  ),
  other(
    "finds nothing at NULL",
    ["query/function/texts"],
    "strpos",
    (usual) => (args) => (usual(args) === 0n ? null : usual(args)),
  ),
  other("splits without a limit", ["query/function/split"], "split", (usual) => (args) => usual(args.slice(0, 2))),
  other(
    "has an empty text for a part that there is not",
    ["query/function/split"],
    "split_part",
    (usual) => (args) => usual(args) ?? "",
  ),
  other(
    "extracts the group of a regular expression",
    ["query/function/regular"],
    "regexp_extract",
    (usual) =>
      ([a = null, b = null, c = 1n]) =>
        usual([a, b, c]),
  ),
  other(
    "replaces the first match",
    ["query/function/regular"],
    "regexp_replace",
    () =>
      ([value, pattern, by = ""]) =>
        text(value).replace(new RegExp(text(pattern)), text(by)),
  ),
  inSql("divides whole numbers to fractions", ["query/function/whole", "query/function/try"], {
    divide: (a, b) => (b === 0n ? sqlRules.divide(a, b) : Number(a) / Number(b)),
  }),
  inSql("divides by zero", ["query/function/what-has", "query/describe/failed"], {
    divide: (a, b) => (b === 0n ? null : a / b),
  }),
  inSql("has the sign of the divisor", ["query/function/whole"], {
    remainder: (a, b) => (b === 0n ? sqlRules.remainder(a, b) : ((a % b) + b) % b),
  }),
  inSql("fails in try", ["query/function/try"], {
    tried: (error) => {
      throw error;
    },
  }),
  ...["greatest", "least"].map((name) =>
    other(
      `leaves NULL out of ${name}`,
      ["query/function/greatest"],
      name,
      (usual) => (args) => usual(args.filter((one) => one !== null)),
    ),
  ),
  other(
    "begins weeks on Sunday",
    ["query/function/dates"],
    "date_trunc",
    (usual) => (args) =>
      args[0] === "week"
        ? new Time(ms(usual([args[0], new Time(ms(args[1]) + 86_400_000)])) - 86_400_000)
        : usual(args),
  ),
  other(
    "counts Sunday as 0",
    ["query/function/dates"],
    "day_of_week",
    (usual) => (args) => (usual(args) === 7n ? 0n : usual(args)),
  ),
  other(
    "takes the year for the week's",
    ["query/function/dates"],
    "year_of_week",
    () => (args) => functions["year"]!(args),
  ),
  other(
    "adds a month as 31 days",
    ["query/function/dates"],
    "date_add",
    (usual) => (args) => (args[0] === "month" ? new Time(ms(args[2]) + 31 * 86_400_000) : usual(args)),
  ),
  other(
    "counts the boundaries of units",
    ["query/function/date-diff", "query/time/now?"],
    "date_diff",
    (usual) => (args) => {
      const [unit = null, from = null, to = null] = args;
      const start = (one: Value): Value => functions["date_trunc"]!([unit, one]);
      return usual([unit, start(from), start(to)]);
    },
  ),
  other(
    "truncates to the day",
    ["query/time/grouped", "query/function/dates"],
    "date_trunc",
    (usual) =>
      ([unit = null, at = null]) =>
        usual([unit === "hour" ? "day" : unit, at]),
  ),
  other(
    "has a text for an object of JSON",
    ["query/function/json", "query/column/nested"],
    "json_extract_scalar",
    (usual) => (args) => usual(args) ?? cellText(functions["json_extract"]!(args)),
  ),
  other("fails for what is no JSON", ["query/function/json"], "json_extract_scalar", (usual) => (args) => {
    if (text(args[0]) === "no JSON") throw new RunError("No JSON");
    return usual(args);
  }),
  other(
    "casts JSON with its quotes",
    ["query/function/json", "query/combine/unnest", "query/function/what-has"],
    "json_parse",
    () =>
      ([value]) =>
        text(value),
  ),
  other("finds every path", ["query/function/json-of"], "json_exists", () => () => true),
  other("answers the text of JSON in json_value", ["query/function/json-of"], "json_value", (usual) => (args) => {
    const found = usual(args);
    return typeof found === "string" ? JSON.stringify(found) : found;
  }),
  other(
    "does not count from the end",
    ["query/function/arrays", "query/function/split"],
    "element_at",
    (usual) => (args) => (typeof args[1] === "bigint" && args[1] < 0n ? null : usual(args)),
  ),
  other(
    "finds nothing where it does not know",
    ["query/function/arrays"],
    "contains",
    (usual) => (args) => usual(args) ?? false,
  ),
  other(
    "keeps duplicates",
    ["query/function/arrays"],
    "array_distinct",
    () =>
      ([value = null]) =>
        value,
  ),
  other(
    "joins NULL as text",
    ["query/function/array-join", "query/function/arrays"],
    "array_join",
    (usual) =>
      ([list = null, by = null, none = "null"]) =>
        usual([list, by, none]),
  ),
  other(
    "knows false where it does not know",
    ["query/function/lambdas"],
    "any_match",
    (usual) => (args) => usual(args) ?? false,
  ),
  other(
    "forgets where reduce began",
    ["query/function/lambdas"],
    "reduce",
    (usual) =>
      ([list = null, , ...more]) =>
        usual([list, 1n, ...more]),
  ),
  other(
    "keeps every entry of a map",
    ["query/function/maps", "query/row/nested"],
    "map_filter",
    () =>
      ([map = null]) =>
        map,
  ),
  other(
    "has small letters in to_hex",
    ["query/function/digests"],
    "to_hex",
    (usual) => (args) => text(usual(args)).toLowerCase(),
  ),
  other(
    "keeps the port of a host",
    ["query/function/urls"],
    "url_extract_host",
    () =>
      ([url]) =>
        URL.parse(text(url))?.host ?? null,
  ),
  other("decodes no parameter", ["query/function/urls"], "url_extract_parameter", (usual) => (args) => {
    const found = usual(args);
    return typeof found === "string" ? encodeURIComponent(found) : found;
  }),
  other(
    "takes an address for a network",
    ["query/function/networks"],
    "contains",
    (usual) => (args) => (isList(args[0] ?? null) ? usual(args) : false),
  ),
  inSql("knows functions in small letters alone", ["query/function/names-in"], { functionName: (name) => name }),
];
