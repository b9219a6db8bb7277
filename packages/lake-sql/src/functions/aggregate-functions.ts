import { arrayOf, bigint, boolean, double, isInteger, mapOf, unknownType, varchar, type SqlType } from "../sql-type.ts";
import type { Emitted } from "../scope.ts";
import { aggregate, call, typeOf, window, type FunctionRow } from "./function-row.ts";

const same = typeOf(0);
const sumType = (args: readonly Emitted[]): SqlType =>
  args[0] !== undefined && isInteger(args[0].type) ? bigint : (args[0]?.type ?? unknownType);
const first = (args: readonly Emitted[]): SqlType => args[0]?.type ?? unknownType;

/** An aggregate template is a call by name, so that DISTINCT, ORDER BY, FILTER and OVER can be put in and after it. */
export const aggregateFunctions: readonly FunctionRow[] = [
  aggregate("count", [0, 1], bigint, call("count")),
  aggregate("count_if", 1, bigint, call("count_if")),
  aggregate("sum", 1, sumType, call("sum")),
  aggregate("avg", 1, double, call("avg")),
  aggregate("min", 1, same, call("min")),
  aggregate("max", 1, same, call("max")),
  aggregate("min_by", 2, same, call("arg_min_null")),
  aggregate("max_by", 2, same, call("arg_max_null")),
  aggregate("arbitrary", 1, same, call("any_value")),
  aggregate("any_value", 1, same, call("any_value")),
  aggregate("array_agg", 1, (args) => arrayOf(first(args)), call("list")),
  aggregate("listagg", [1, 2], varchar, (text, by) => `string_agg(${text}, ${by ?? "''"})`),
  aggregate("approx_distinct", [1, 2], bigint, (value) => `approx_count_distinct(${value})`),
  aggregate("approx_percentile", 2, same, (value, fraction) => `quantile_disc(${value}, ${fraction})`),
  aggregate("bool_and", 1, boolean, call("bool_and")),
  aggregate("every", 1, boolean, call("bool_and")),
  aggregate("bool_or", 1, boolean, call("bool_or")),
  ...["stddev", "stddev_samp", "stddev_pop", "variance", "var_samp", "var_pop"].map((name) =>
    aggregate(name, 1, double, call(name)),
  ),
  ...["corr", "covar_pop", "covar_samp"].map((name) => aggregate(name, 2, double, call(name))),
  aggregate("histogram", 1, (args) => mapOf(first(args), bigint), call("histogram")),
];

export const windowFunctions: readonly FunctionRow[] = [
  ...["row_number", "rank", "dense_rank"].map((name) => window(name, 0, bigint, call(name))),
  ...["percent_rank", "cume_dist"].map((name) => window(name, 0, double, call(name))),
  window("ntile", 1, bigint, call("ntile")),
  window("lag", [1, 3], same, call("lag")),
  window("lead", [1, 3], same, call("lead")),
  window("first_value", 1, same, call("first_value")),
  window("last_value", 1, same, call("last_value")),
  window("nth_value", 2, same, call("nth_value")),
];
