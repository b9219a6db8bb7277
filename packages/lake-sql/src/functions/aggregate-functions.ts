import { decimal, decimalOf } from "../decimal.ts";
import type { Emitted } from "../scope.ts";
import { arrayOf, bigint, boolean, double, isInteger, mapOf, unknownType, varchar, type SqlType } from "../sql-type.ts";
import { approxDistinct } from "./approx-distinct.ts";
import { failing } from "./failing.ts";
import { aggregate, call, letIn, typeOf, window, type CallContext, type FunctionRow } from "./function-row.ts";
import { firstOfEach } from "./list-sql.ts";
import { multimap } from "./string-functions.ts";

const same = typeOf(0);
const first = (args: readonly Emitted[]): SqlType => args[0]?.type ?? unknownType;
const asDouble = (x: string): string => `CAST(${x} AS DOUBLE)`;

/** A sum or mean of intervals, taken of their length. */
function ofIntervals(name: string, sql: string, type: SqlType): ReturnType<FunctionRow["emit"]> {
  const [unit, make] = type.kind === "months" ? ["2592000000000", "to_months"] : ["1000", "to_milliseconds"];
  const whole = type.kind === "months" ? "INTEGER" : "BIGINT";
  return {
    sql: `${name}(epoch_us(${sql}) // ${unit})`,
    type,
    after: (length) => `${make}(CAST(round(${length}) AS ${whole}))`,
  };
}

/** A sum in Trino's type: whole numbers as a bigint that may overflow, decimals with 38 digits. */
const sum: FunctionRow = {
  name: "sum",
  kind: "aggregate",
  arity: [1, 1],
  emit: ([of]) => {
    const type = of?.type ?? unknownType;
    if (type.kind === "interval" || type.kind === "months") return ofIntervals("sum", of?.sql ?? "", type);
    if (isInteger(type)) return { sql: `sum(${of?.sql})`, type: bigint, after: (sql) => `CAST(${sql} AS BIGINT)` };
    return { sql: `sum(${of?.sql})`, type: type.kind === "decimal" ? decimal(38, type.scale ?? 0) : type };
  },
};

const average: FunctionRow = {
  name: "avg",
  kind: "aggregate",
  arity: [1, 1],
  emit: ([of]) => {
    if (of?.type.kind === "interval" || of?.type.kind === "months") return ofIntervals("avg", of.sql, of.type);
    const type = of?.type.kind === "decimal" ? decimalOf(of.type) : undefined;
    if (type === undefined) return { sql: `avg(${of?.sql})`, type: double };
    return {
      sql: `avg(${of?.sql})`,
      type,
      after: (sql) => `CAST(${sql} AS DECIMAL(${type.precision}, ${type.scale}))`,
    };
  },
};

/** A fraction of the values in descending order, which a negative one stands for; the last of them in ascending order. */
const fromTheEnd = (fraction: string): string => `CASE WHEN ${fraction} >= 1 THEN 1 ELSE ${fraction} - 1 END`;

/** min, max, min_by and max_by; with a count they answer that many, in an array. */
const extreme = (name: string, engine: string, values: 1 | 2): FunctionRow => ({
  name,
  kind: "aggregate",
  arity: [values, values + 1],
  emit: (args) => ({
    sql: `${args.length > values ? engine.replace("_null", "") : engine}(${args.map((arg) => arg.sql).join(", ")})`,
    type: args.length > values ? arrayOf(first(args)) : first(args),
  }),
});

/** map_agg and multimap_agg over entries gathered in a list; a null key is left out. */
const entriesOf = (
  name: string,
  type: (value: SqlType) => SqlType,
  template: (entries: string) => string,
): FunctionRow => ({
  name,
  kind: "aggregate",
  arity: [2, 2],
  emit: ([key, value]) => ({
    sql: `list({'key': ${key?.sql}, 'value': ${value?.sql}})`,
    type: mapOf(key?.type ?? unknownType, type(value?.type ?? unknownType)),
    keep: `(${key?.sql}) IS NOT NULL`,
    after: (sql) => letIn([sql], (entries) => template(entries)),
  }),
});

const mapUnion: FunctionRow = {
  name: "map_union",
  kind: "aggregate",
  arity: [1, 1],
  emit: ([map], context: CallContext) => {
    if (map?.type.kind !== "map") return context.fail("map_union takes a map");
    return {
      sql: `list(map_entries(${map.sql}))`,
      type: map.type,
      keep: `(${map.sql}) IS NOT NULL`,
      after: (sql) => letIn([`flatten(${sql})`], (entries) => firstOfEach(entries)),
    };
  },
};

/** An aggregate template is a call by name, so that DISTINCT, ORDER BY, FILTER and OVER can be put in and after it. */
export const aggregateFunctions: readonly FunctionRow[] = [
  aggregate("count", [0, 1], bigint, call("count")),
  {
    name: "count_if",
    kind: "aggregate",
    arity: [1, 1],
    emit: ([of]) => ({
      sql: `count_if(${of?.sql})`,
      type: bigint,
      after: (sql) => `CAST(coalesce(${sql}, 0) AS BIGINT)`,
    }),
  },
  sum,
  average,
  extreme("min", "min", 1),
  extreme("max", "max", 1),
  extreme("min_by", "arg_min_null", 2),
  extreme("max_by", "arg_max_null", 2),
  aggregate("arbitrary", 1, same, call("any_value")),
  aggregate("any_value", 1, same, call("any_value")),
  aggregate("array_agg", 1, (args) => arrayOf(first(args)), call("list")),
  aggregate("listagg", [1, 2], varchar, (text, by) => `string_agg(${text}, ${by ?? "''"})`),
  approxDistinct,
  {
    name: "approx_percentile",
    kind: "aggregate",
    arity: [2, 2],
    // Of n values in order Trino's is the one at n * fraction, counted from 0; the engine counts so from the other end.
    emit: ([value, fraction]) => ({
      sql: `quantile_disc(${value?.sql}, ${fraction?.type.kind === "array" ? `list_transform(${fraction.sql}, lambda "item": ${fromTheEnd('"item"')})` : fromTheEnd(fraction?.sql ?? "")})`,
      type: fraction?.type.kind === "array" ? arrayOf(value?.type ?? unknownType) : (value?.type ?? unknownType),
    }),
  },
  aggregate("bool_and", 1, boolean, call("bool_and")),
  aggregate("every", 1, boolean, call("bool_and")),
  aggregate("bool_or", 1, boolean, call("bool_or")),
  aggregate("bitwise_and_agg", 1, bigint, (n) => `bit_and(CAST(${n} AS BIGINT))`),
  aggregate("bitwise_or_agg", 1, bigint, (n) => `bit_or(CAST(${n} AS BIGINT))`),
  aggregate("geometric_mean", 1, double, (x) => `geomean(${asDouble(x)})`),
  ...["stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop", "kurtosis"].map((name) =>
    aggregate(name, 1, double, (x) => `${name}(${asDouble(x)})`),
  ),
  {
    // The engine's is of a sample, Trino's of a population.
    name: "skewness",
    kind: "aggregate",
    arity: [1, 1],
    emit: ([x]) => ({
      sql: `skewness(${asDouble(x?.sql ?? "")})`,
      type: double,
      after: (sql) =>
        letIn([sql, sql.replace(/^skewness/, "count")], (of, n) => `${of} * (${n} - 2) / sqrt(${n} * (${n} - 1))`),
    }),
  },
  {
    name: "grouping",
    kind: "aggregate",
    arity: [1, 30],
    emit: (args) => ({ sql: `grouping(${args.map(({ sql }) => sql).join(", ")})`, type: bigint }),
  },
  ...["corr", "covar_pop", "covar_samp", "regr_slope", "regr_intercept"].map((name) =>
    aggregate(name, 2, double, call(name)),
  ),
  {
    name: "histogram",
    kind: "aggregate",
    arity: [1, 1],
    emit: ([of]) => ({
      sql: `histogram(${of?.sql})`,
      type: mapOf(of?.type ?? unknownType, bigint),
      keep: `(${of?.sql}) IS NOT NULL`,
    }),
  },
  entriesOf("map_agg", (value) => value, firstOfEach),
  entriesOf("multimap_agg", arrayOf, multimap),
  mapUnion,
];

/** lag and lead by rows that are not less than none. */
function shifted(name: string): (...args: string[]) => string {
  return (value, by, otherwise) => {
    const rows =
      by === undefined || /^\d+$/.test(by) ? by : `CASE WHEN (${by}) < 0 THEN ${failing("rows")} ELSE (${by}) END`;
    return `${name}(${[value, rows, otherwise].filter((arg) => arg !== undefined).join(", ")})`;
  };
}

export const windowFunctions: readonly FunctionRow[] = [
  ...["row_number", "rank", "dense_rank"].map((name) => window(name, 0, bigint, call(name))),
  ...["percent_rank", "cume_dist"].map((name) => window(name, 0, double, call(name))),
  window("ntile", 1, bigint, call("ntile")),
  window("lag", [1, 3], same, shifted("lag")),
  window("lead", [1, 3], same, shifted("lead")),
  window("first_value", 1, same, call("first_value")),
  window("last_value", 1, same, call("last_value")),
  window("nth_value", 2, same, call("nth_value")),
];

/** Window functions that take IGNORE NULLS. */
export const ignoringNulls: ReadonlySet<string> = new Set(["lag", "lead", "first_value", "last_value", "nth_value"]);
