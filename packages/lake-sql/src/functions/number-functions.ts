import { decimal, decimalOf } from "../decimal.ts";
import type { Emitted } from "../scope.ts";
import { bigint, boolean, double, isInteger, varchar, type SqlType } from "../sql-type.ts";
import { failing } from "./failing.ts";
import { call, letIn, scalar, typeOf, type FunctionRow } from "./function-row.ts";

const same = typeOf(0);
const asDouble = (x: string): string => `CAST(${x} AS DOUBLE)`;
const digits = "'0123456789abcdefghijklmnopqrstuvwxyz'";

/** round, ceil, floor and truncate: the digits of a decimal are those of Trino's result. */
function rounding(name: string, engine: string, most: 1 | 2): FunctionRow {
  return {
    name,
    kind: "scalar",
    arity: [1, most],
    emit: ([x, places]) => {
      const type = x?.type ?? double;
      const sql = `${engine}(${x?.sql}${places === undefined ? "" : `, CAST(${places.sql} AS INTEGER)`})`;
      if (isInteger(type)) return { sql: `CAST(${sql} AS ${type.kind.toUpperCase()})`, type };
      if (type.kind !== "decimal" || x === undefined) return { sql, type };
      const { precision, scale } = decimalOf(type) ?? decimal(38, 0);
      const to =
        places !== undefined
          ? decimal(name === "round" ? precision + 1 : precision, scale)
          : decimal(precision - scale + (name === "truncate" ? 0 : Math.min(scale, 1)), 0);
      return { sql: `CAST(${sql} AS DECIMAL(${to.precision}, ${to.scale}))`, type: to };
    },
  };
}

/** The confidence interval of a share of successes (Wilson), one side of it. */
const wilson = (name: string, sign: "-" | "+"): FunctionRow =>
  scalar(name, 3, double, (successes, trials, z) =>
    letIn([asDouble(successes), asDouble(trials), asDouble(z)], (s, n, q) => {
      const p = `(${s} / ${n})`;
      return `((${p} + ${q} * ${q} / (2 * ${n})) / (1 + ${q} * ${q} / ${n}) ${sign} ${q} / (1 + ${q} * ${q} / ${n}) * sqrt(${p} * (1 - ${p}) / ${n} + ${q} * ${q} / (4 * ${n} * ${n})))`;
    }),
  );

/** The length of a vector that a map is. */
const norm = (m: string): string => `sqrt(list_sum(list_transform(map_values(${m}), lambda "item": "item" * "item")))`;

/** A function that the engine refuses outside of its domain, where Trino answers NaN. */
const within = (x: string, name: string, outside: (of: string) => string): string =>
  shared(x, (of) => `CASE WHEN ${outside(of)} THEN CAST('nan' AS DOUBLE) ELSE ${name}(${of}) END`);

const logarithm = (x: string, name: string): string =>
  shared(
    x,
    (of) =>
      `CASE WHEN ${of} < 0 THEN CAST('nan' AS DOUBLE) WHEN ${of} = 0 THEN CAST('-infinity' AS DOUBLE) ELSE ${name}(${of}) END`,
  );

/** An argument as a double, written out each time where it is short. */
const shared = (x: string, body: (of: string) => string): string =>
  x.length < 100 ? body(asDouble(x)) : letIn([asDouble(x)], (of) => body(of));

export const numberFunctions: readonly FunctionRow[] = [
  scalar("abs", 1, same, call("abs")),
  rounding("ceil", "ceil", 1),
  rounding("ceiling", "ceil", 1),
  rounding("floor", "floor", 1),
  rounding("round", "round", 2),
  rounding("truncate", "trunc", 2),
  {
    name: "sign",
    kind: "scalar",
    arity: [1, 1],
    emit: ([x]) => ({
      sql: `CAST(sign(${x?.sql}) AS ${x?.type.kind === "double" ? "DOUBLE" : "INTEGER"})`,
      type: x?.type.kind === "decimal" ? decimal(1, 0) : (x?.type ?? double),
    }),
  },
  {
    name: "mod",
    kind: "scalar",
    arity: [2, 2],
    emit: ([a, b], context) =>
      a === undefined || b === undefined ? context.fail("mod takes two numbers") : remainder(a, b),
  },
  ...["cbrt", "exp", "sinh", "cosh", "tanh", "atan", "degrees", "radians"].map((name) =>
    scalar(name, 1, double, (x) => `${name}(${asDouble(x)})`),
  ),
  scalar("sqrt", 1, double, (x) => within(x, "sqrt", (of) => `${of} < 0`)),
  ...["asin", "acos"].map((name) => scalar(name, 1, double, (x) => within(x, name, (of) => `abs(${of}) > 1`))),
  ...["sin", "cos", "tan"].map((name) => scalar(name, 1, double, (x) => within(x, name, (of) => `isinf(${of})`))),
  ...["ln", "log2", "log10"].map((name) => scalar(name, 1, double, (x) => logarithm(x, name))),
  scalar("log", 2, double, (base, x) => `(${logarithm(x, "ln")} / ${logarithm(base, "ln")})`),
  scalar("atan2", 2, double, call("atan2")),
  scalar("power", 2, double, (x, y) => `pow(${asDouble(x)}, ${asDouble(y)})`),
  scalar("pow", 2, double, (x, y) => `pow(${asDouble(x)}, ${asDouble(y)})`),
  scalar("pi", 0, double, () => "pi()"),
  scalar("e", 0, double, () => "exp(CAST(1 AS DOUBLE))"),
  scalar("nan", 0, double, () => "CAST('nan' AS DOUBLE)"),
  scalar("infinity", 0, double, () => "CAST('infinity' AS DOUBLE)"),
  scalar("is_nan", 1, boolean, (x) => `isnan(${asDouble(x)})`),
  scalar("is_infinite", 1, boolean, (x) => `isinf(${asDouble(x)})`),
  scalar("is_finite", 1, boolean, (x) => `isfinite(${asDouble(x)})`),
  scalar("to_base", 2, varchar, (n, radix) =>
    letIn(
      [n],
      (value) =>
        `CASE WHEN ${value} < 0 THEN '-' ELSE '' END || lower(to_base(abs(${value}), CAST(${radix} AS INTEGER)))`,
    ),
  ),
  scalar("from_base", 2, bigint, (text, radix) =>
    letIn(
      [`lower(${text})`, radix],
      (value, base) =>
        `CAST(list_reduce(list_transform(string_split(ltrim(${value}, '+-'), ''), lambda "item": CASE WHEN strpos(${digits}, "item") BETWEEN 1 AND ${base} THEN CAST(strpos(${digits}, "item") - 1 AS BIGINT) ELSE ${failing("digit")} END), lambda "item", "index": "item" * ${base} + "index", CAST(0 AS BIGINT)) * CASE WHEN starts_with(${value}, '-') THEN -1 ELSE 1 END AS BIGINT)`,
    ),
  ),
  {
    name: "width_bucket",
    kind: "scalar",
    arity: [2, 4],
    emit: ([x, low, high, count], context) => {
      if (low?.type.kind === "array" && high === undefined)
        return {
          sql: `CAST(len(list_filter(${low.sql}, lambda "item": "item" <= ${x?.sql})) AS BIGINT)`,
          type: bigint,
        };
      if (x === undefined || low === undefined || high === undefined || count === undefined)
        return context.fail("width_bucket takes a number and an array, or a number, two bounds and a count");
      const sql = letIn(
        [asDouble(x.sql), asDouble(low.sql), asDouble(high.sql), count.sql],
        (value, a, b, n) =>
          `CASE WHEN ${a} < ${b} THEN CASE WHEN ${value} < ${a} THEN 0 WHEN ${value} >= ${b} THEN ${n} + 1 ELSE floor(${n} * (${value} - ${a}) / (${b} - ${a})) + 1 END ELSE CASE WHEN ${value} > ${a} THEN 0 WHEN ${value} <= ${b} THEN ${n} + 1 ELSE floor(${n} * (${a} - ${value}) / (${a} - ${b})) + 1 END END`,
      );
      return { sql: `CAST(${sql} AS BIGINT)`, type: bigint };
    },
  },
  scalar("luhn_check", 1, boolean, (text) =>
    letIn(
      [`string_split(reverse(${text}), '')`],
      (list) =>
        `list_sum(list_transform(${list}, lambda "item", "index": CASE WHEN "index" % 2 = 1 THEN CAST("item" AS INTEGER) ELSE CASE WHEN CAST("item" AS INTEGER) > 4 THEN 2 * CAST("item" AS INTEGER) - 9 ELSE 2 * CAST("item" AS INTEGER) END END)) % 10 = 0`,
    ),
  ),
  {
    name: "cosine_similarity",
    kind: "scalar",
    arity: [2, 2],
    emit: ([a, b], context) => {
      if (a?.type.kind !== "map" || b?.type.kind !== "map") return context.fail("cosine_similarity takes two maps");
      const sql = letIn(
        [a.sql, b.sql],
        (m, n) =>
          `list_sum(list_transform(map_entries(${m}), lambda "item": struct_extract("item", 'value') * coalesce(map_extract_value(${n}, struct_extract("item", 'key')), 0))) / (${norm(m)} * ${norm(n)})`,
      );
      return { sql, type: double };
    },
  },
  wilson("wilson_interval_lower", "-"),
  wilson("wilson_interval_upper", "+"),
  {
    name: "random",
    kind: "scalar",
    arity: [0, 2],
    emit: (args) => randomOf(args),
  },
  { name: "rand", kind: "scalar", arity: [0, 2], emit: (args) => randomOf(args) },
];

function randomOf([low, high]: readonly Emitted[]): Emitted {
  if (low === undefined) return { sql: "random()", type: double };
  const [from, to] = high === undefined ? ["0", low.sql] : [low.sql, high.sql];
  return { sql: `CAST((${from}) + floor(random() * ((${to}) - (${from}))) AS BIGINT)`, type: bigint };
}

const widest = (a: SqlType, b: SqlType): SqlType =>
  a.kind === "bigint" || b.kind === "bigint" ? bigint : a.kind === b.kind ? a : { kind: "integer" };

/** `a % b`; a zero divisor of whole numbers and decimals fails the query as in Trino, where DuckDB answers null. */
export function remainder(a: Emitted, b: Emitted): Emitted {
  const [x, y] = [decimalOf(a.type), decimalOf(b.type)];
  if (isInteger(a.type) && isInteger(b.type))
    return { sql: `((${a.sql}) % ${nonZero(b.sql)})`, type: widest(a.type, b.type) };
  if (x === undefined || y === undefined) return { sql: `fmod(${asDouble(a.sql)}, ${asDouble(b.sql)})`, type: double };
  return {
    sql: `((${a.sql}) % ${nonZero(b.sql)})`,
    type: decimal(
      Math.min(x.precision - x.scale, y.precision - y.scale) + Math.max(x.scale, y.scale),
      Math.max(x.scale, y.scale),
    ),
  };
}

const checked = (divisor: string): string => `CASE WHEN (${divisor}) = 0 THEN ${failing("zero")} ELSE (${divisor}) END`;

/** A divisor that fails when it is zero. */
export function nonZero(divisor: string): string {
  if (/^\d*[1-9]\d*$/.test(divisor)) return divisor;
  return divisor.length < 40 ? checked(divisor) : letIn([divisor], checked);
}

export { widest };
