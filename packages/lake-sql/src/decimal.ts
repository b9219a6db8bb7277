import { failing } from "./functions/failing.ts";
import { letIn } from "./functions/function-row.ts";
import type { Emitted } from "./scope.ts";
import type { SqlType } from "./sql-type.ts";

export interface DecimalType {
  readonly kind: "decimal";
  readonly precision: number;
  readonly scale: number;
}

const whole = new Map([
  ["tinyint", 3],
  ["smallint", 5],
  ["integer", 10],
  ["bigint", 19],
]);

/** A number as a decimal with its digits; undefined for doubles and what is no number. */
export function decimalOf(type: SqlType): DecimalType | undefined {
  if (type.kind === "decimal") return { kind: "decimal", precision: type.precision ?? 38, scale: type.scale ?? 0 };
  const precision = whole.get(type.kind);
  return precision === undefined ? undefined : { kind: "decimal", precision, scale: 0 };
}

export const decimal = (precision: number, scale: number): DecimalType => ({
  kind: "decimal",
  precision: Math.min(38, Math.max(1, precision)),
  scale,
});

/** A decimal literal: `1.50` has 3 digits, 2 of them behind the point. */
export function decimalLiteral(text: string): DecimalType {
  const [left = "", right = ""] = text.replace(/^0+/, "").split(".");
  return decimal(left.length + right.length, right.length);
}

/** The type of `a op b` as Trino types it. */
export function decimalResult(op: "+" | "-" | "*" | "/" | "%", a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale);
  if (op === "*") return decimal(a.precision + b.precision, a.scale + b.scale);
  if (op === "/") return decimal(a.precision + b.scale + Math.max(b.scale - a.scale, 0), scale);
  const left = [a.precision - a.scale, b.precision - b.scale] as const;
  return op === "%" ? decimal(Math.min(...left) + scale, scale) : decimal(Math.max(...left) + scale + 1, scale);
}

const power = (exponent: number): string => `CAST('1${"0".repeat(exponent)}' AS HUGEINT)`;
const unscaled = (of: string, { precision, scale }: DecimalType): string =>
  scale === 0
    ? `CAST(${of} AS HUGEINT)`
    : `CAST(CAST(${of} AS DECIMAL(38, ${scale})) * CAST(1${"0".repeat(scale)} AS DECIMAL(${Math.min(scale + 1, Math.max(38 - precision, 1) + scale)}, 0)) AS HUGEINT)`;

/** A whole number of 10^-scale units as a decimal. */
const scaled = (of: string, { precision, scale }: DecimalType): string =>
  scale === 0
    ? `CAST(${of} AS DECIMAL(${precision}, 0))`
    : `CAST(CAST(${of} AS DECIMAL(${38 - scale}, 0)) * CAST(0.${"0".repeat(scale - 1)}1 AS DECIMAL(${scale}, ${scale})) AS DECIMAL(${precision}, ${scale}))`;

/** `a / b` of decimals: as many digits behind the point as the longer operand has, half rounded up; zero fails. */
export function divideDecimals(a: Emitted, b: Emitted, x: DecimalType, y: DecimalType): Emitted {
  const type = decimalResult("/", x, y);
  const sql = letIn([`${unscaled(a.sql, x)} * ${power(type.scale + y.scale - x.scale)}`, unscaled(b.sql, y)], (n, d) =>
    scaled(
      `CASE WHEN ${d} = 0 THEN ${failing("zero")} ELSE ((2 * abs(${n}) + abs(${d})) // (2 * abs(${d}))) * CASE WHEN (${n} < 0) <> (${d} < 0) THEN -1 ELSE 1 END END`,
      type,
    ),
  );
  return { sql, type };
}
