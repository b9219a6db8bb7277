import { bigint, boolean, double, isInteger } from "../sql-type.ts";
import { failing } from "./failing.ts";
import { call, scalar, typeOf, type FunctionRow } from "./function-row.ts";

const same = typeOf(0);

export const numberFunctions: readonly FunctionRow[] = [
  scalar("abs", 1, same, call("abs")),
  scalar("ceil", 1, same, call("ceil")),
  scalar("ceiling", 1, same, call("ceil")),
  scalar("floor", 1, same, call("floor")),
  scalar("round", [1, 2], same, (x, digits) =>
    digits === undefined ? `round(${x})` : `round(${x}, CAST(${digits} AS INTEGER))`,
  ),
  scalar("truncate", 1, same, call("trunc")),
  scalar("sign", 1, same, call("sign")),
  {
    name: "mod",
    kind: "scalar",
    arity: [2, 2],
    emit: ([a, b]) => remainder(a?.sql ?? "", b?.sql ?? "", a !== undefined && isInteger(a.type)),
  },
  ...[
    "sqrt",
    "cbrt",
    "exp",
    "ln",
    "log2",
    "log10",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "degrees",
    "radians",
  ].map((name) => scalar(name, 1, double, (x) => `${name}(CAST(${x} AS DOUBLE))`)),
  scalar("log", 2, double, (base, x) => `(ln(CAST(${x} AS DOUBLE)) / ln(CAST(${base} AS DOUBLE)))`),
  scalar("atan2", 2, double, call("atan2")),
  scalar("power", 2, double, (x, y) => `pow(CAST(${x} AS DOUBLE), CAST(${y} AS DOUBLE))`),
  scalar("pow", 2, double, (x, y) => `pow(CAST(${x} AS DOUBLE), CAST(${y} AS DOUBLE))`),
  scalar("pi", 0, double, () => "pi()"),
  scalar("e", 0, double, () => "exp(CAST(1 AS DOUBLE))"),
  scalar("nan", 0, double, () => "CAST('nan' AS DOUBLE)"),
  scalar("infinity", 0, double, () => "CAST('infinity' AS DOUBLE)"),
  scalar("is_nan", 1, boolean, call("isnan")),
  scalar("is_infinite", 1, boolean, call("isinf")),
  scalar("bitwise_and", 2, bigint, (a, b) => `(CAST(${a} AS BIGINT) & CAST(${b} AS BIGINT))`),
  scalar("bitwise_or", 2, bigint, (a, b) => `(CAST(${a} AS BIGINT) | CAST(${b} AS BIGINT))`),
  scalar("bitwise_xor", 2, bigint, (a, b) => `xor(CAST(${a} AS BIGINT), CAST(${b} AS BIGINT))`),
  scalar("random", 0, double, () => "random()"),
  scalar("rand", 0, double, () => "random()"),
];

/** `a % b`; for whole numbers a zero divisor fails the query as in Trino, where DuckDB answers null. */
export function remainder(a: string, b: string, whole: boolean): ReturnType<FunctionRow["emit"]> {
  return { sql: whole ? `((${a}) % ${nonZero(b)})` : `((${a}) % (${b}))`, type: whole ? bigint : double };
}

/** A whole divisor that fails when it is zero. */
export const nonZero = (divisor: string): string =>
  /^\d*[1-9]\d*$/.test(divisor) ? divisor : `CASE WHEN (${divisor}) = 0 THEN ${failing("zero")} ELSE (${divisor}) END`;
