import type { Mutant } from "./mutant.ts";
import { inQuery, inSql } from "./query-mutant.ts";
import { aggregates } from "./sql/aggregates.ts";
import { sqlRules } from "./sql/sql-rules.ts";
import { Time } from "./sql/value.ts";

const { readTime, likePattern } = sqlRules;
/** A lake that reads a statement as another one. */
const reads = (name: string, kills: readonly string[], statement: (text: string) => string): Mutant =>
  inQuery(name, kills, { statement });

/** Lakes that misread a statement. */
export const sqlMutants: readonly Mutant[] = [
  // What is refused.
  reads("runs EXPLAIN", ["query/statement/select-alone"], (text) => text.replace(/^EXPLAIN /, "")),
  reads("runs DELETE", ["query/statement/select-alone"], (text) => text.replace(/^DELETE FROM/, "SELECT eventID FROM")),
  reads("runs the first of several statements", ["query/statement/one-at"], (text) =>
    text.replace(/;+\s*(-- \n)?(SELECT|DROP|DELETE)[^]*$/, ""),
  ),
  reads("forgives a comma too many", ["query/statement/syntax-errors-r"], (text) => text.replace(/,\s*FROM/, " FROM")),
  inQuery("says no place of an error", ["query/statement/syntax-errors-h"], {
    fault: (message) => message.replace(/^line \d+:\d+: /, ""),
  }),
  inQuery("names nothing of what is unknown", ["query/statement/what-is-unknown-is"], {
    fault: (message) => message.replaceAll(/'[^']*'/g, "it"),
  }),
  inSql("takes a column that there is not for NULL", ["query/statement/what-is", "query/statement/stores?"], {
    unresolved: () => null,
  }),
  inSql("compares whatever there is", ["query/statement/types"], { mismatch: () => 1 }),
  inSql("reads a table of its own", ["query/statement/stores"], {
    otherTable: (name) =>
      name === "sqlite_master" ? { columns: [{ name: "sql" }], rows: [["CREATE TABLE"]] } : undefined,
  }),
  inSql("has a function that tells its version", ["query/statement/tells"], {
    functions: { ...sqlRules.functions, version: () => "1" },
  }),

  // Times.
  inSql(
    "reads no time without milliseconds",
    ["query/time/compared-with-a-t", "query/time/between", "query/time/fractions?", "query/law/any?"],
    {
      readTime: (text) => (/^\S+ [\d:]+$/.test(text) ? undefined : readTime(text)),
    },
  ),
  inSql("reads no date", ["query/time/compared-with-a-d"], {
    readTime: (text) => (text.length === 10 ? undefined : readTime(text)),
  }),
  inSql("takes a date for its end", ["query/time/compared-with-a-d"], {
    readTime: (text) => (text.length === 10 ? (readTime(text) ?? 0) + 86_399_999 : readTime(text)),
  }),
  inSql("reads no ISO 8601", ["query/time/compared-with-iso", "query/time/own-time-c"], {
    readTime: (text) => (text.includes("T") ? undefined : readTime(text)),
  }),
  reads("leaves the end of BETWEEN out", ["query/time/between"], (text) =>
    text.replace(/(\w+) BETWEEN ('[^']*') AND ('[^']*')/, "$1 >= $2 AND $1 < $3"),
  ),
  inSql("cuts milliseconds", ["query/time/fractions"], {
    readTime: (text) => {
      const ms = readTime(text);
      return ms === undefined ? undefined : Math.floor(ms / 1000) * 1000;
    },
  }),
  inSql("reads texts in a zone of its own", ["query/time/", "query/law/any?"], {
    readTime: (text) => {
      const ms = readTime(text);
      return ms === undefined ? undefined : ms + 3_600_000;
    },
  }),
  reads("takes minutes for seconds", ["query/time/intervals"], (text) => text.replaceAll("MINUTE", "SECOND")),
  inSql("has no clock", ["query/time/now"], { functions: { ...sqlRules.functions, now: () => new Time(0) } }),

  // WHERE.
  inSql("takes what is not known for false", ["query/select/null-is-n", "query/function/lambdas", "query/law/any?"], {
    unknown: false,
  }),
  inSql("finds what is not IN a list with NULL", ["query/select/null-is-n"], { inWithNull: false }),
  inSql(
    "compares texts without case",
    ["query/select/texts-by", "query/select/order", "query/select/texts-sort", "query/law/"],
    {
      compareTexts: (a, b) => Buffer.compare(Buffer.from(a.toLowerCase()), Buffer.from(b.toLowerCase())),
    },
  ),
  inSql("takes _ for itself", ["query/select/like"], {
    likePattern: (pattern, escape) => likePattern(pattern.replaceAll("_", "!_"), escape === "" ? "!" : escape),
  }),
  inSql("knows no ESCAPE", ["query/select/like", "query/law/any?"], {
    likePattern: (pattern) => likePattern(pattern, ""),
  }),
  inSql("knows LIKE without case", ["query/select/like", "query/select/texts-by", "query/law/any?"], {
    likePattern: (pattern, escape) => new RegExp(likePattern(pattern, escape).source, "is"),
  }),
  reads(
    "ends a text at its first quote",
    ["query/select/texts-with", "query/describe/statement", "query/function/array-join", "query/law/"],
    (text) => text.replaceAll("''", "'"),
  ),
  reads("knows no comments", ["query/select/comments", "query/select/texts-with"], (text) =>
    text.replaceAll(/\/\*[^]*?\*\//g, "?"),
  ),

  // Groups and order.
  inSql(
    "knows no places",
    [
      "query/time/grouped",
      "query/select/order",
      "query/select/group",
      "query/select/case",
      "query/combine/",
      "query/law/counts",
    ],
    { takesPlaces: false },
  ),
  inSql("leaves NULL out of groups", ["query/select/null-is-a"], { groupsNulls: false }),
  inSql("overlooks HAVING", ["query/select/having"], { filtersGroups: false }),
  inSql("knows no alias in ORDER BY", ["query/select/order", "query/select/texts-sort"], {
    takesAliases: false,
  }),
  inSql("overlooks ORDER BY", ["query/select/", "query/law/", "query/combine/", "query/column/maps-open"], {
    sorts: false,
  }),
  inSql("sorts by UTF-16", ["query/select/texts-sort", "query/law/"], {
    compareTexts: (a, b) => Number(a > b) - Number(a < b),
  }),
  inSql("puts NULL first", ["query/select/null-sorts", "query/law/"], { nullsFirst: () => true }),
  inSql("puts NULL first in descending order", ["query/select/null-sorts", "query/law/"], {
    nullsFirst: (descending) => descending,
  }),
  inSql("has a row more than LIMIT", ["query/select/limit", "query/law/limit", "query/combine/with"], {
    limit: (rows) => rows + 1,
  }),
  inSql("overlooks DISTINCT", ["query/select/distinct", "query/select/texts-sort", "query/column/category"], {
    distinct: false,
  }),
  inSql("counts NULL", ["query/select/aggregates", "query/store/each"], {
    aggregates: { ...aggregates, count: (rows) => BigInt(rows.length) },
  }),
  inSql("overlooks DISTINCT in aggregates", ["query/select/aggregates"], { distinctAggregates: false }),
  inSql("overlooks FILTER", ["query/select/aggregates"], { filtersAggregates: false }),
  inSql("sums nothing to 0", ["query/select/aggregates-of"], {
    aggregates: { ...aggregates, sum: (rows) => aggregates["sum"]!(rows, () => 0) ?? 0n },
  }),
  inSql("has no row for an aggregate of nothing", ["query/select/aggregates-of", "query/store/each"], {
    aggregatesNothing: false,
  }),
  reads("overlooks ELSE", ["query/select/case"], (text) => text.replaceAll(/ ELSE '\w+'/g, "")),
  reads("overlooks PARTITION BY", ["query/select/windows"], (text) => text.replaceAll(/PARTITION BY [\w.]+/g, "")),

  // Several tables.
  inSql("takes UNION ALL for UNION", ["query/combine/union-all"], { unionAllKeeps: false }),
  inSql("takes UNION for UNION ALL", ["query/combine/union"], { unionKeeps: true }),
  inSql("takes EXCEPT for INTERSECT", ["query/combine/intersect"], { setKeeps: (_kind, isRight) => isRight }),
  inSql("joins by nothing", ["query/combine/join", "query/combine/left", "query/combine/with"], {
    joins: () => true,
  }),
  inSql("takes LEFT JOIN for JOIN", ["query/combine/left", "query/store/each"], { leftJoinKeeps: false }),
  inSql("loses a pair of CROSS JOIN", ["query/combine/", "query/results/", "query/column/maps-open"], {
    crossed: (rows) => rows - 1,
  }),
  inSql("takes the first row of IN alone", ["query/combine/in-a"], { inQuery: (values) => values.slice(0, 1) }),
  inSql("finds that everything EXISTS", ["query/combine/exists"], { exists: () => true }),
  inSql("sees no row around a query", ["query/combine/exists"], { correlates: false }),
  inSql("takes a query of many rows for NULL", ["query/combine/scalar"], { scalarOfMany: () => null }),
  inSql("loses the names of a query in FROM", ["query/combine/query-in", "query/combine/left"], {
    derived: (_name, at) => `c${at}`,
  }),
  inSql("sees nothing before in WITH", ["query/combine/with"], { seesEarlier: false }),
  inSql("loses the last item of UNNEST", ["query/combine/unnest"], { items: (list) => list.slice(0, -1) }),
];
