import { decimalOf, decimalResult, divideDecimals } from "./decimal.ts";
import type { Emission } from "./emission.ts";
import { nonZero, remainder, widest } from "./functions/number-functions.ts";
import type { Emitted } from "./scope.ts";
import { category, commonType, date, double, isInteger, isNumber, isTemporal, typeName, varchar } from "./sql-type.ts";

/** `left op right` with Trino's types: whole numbers stay whole, decimals keep their digits, an overflow fails. */
export function emitArithmetic(
  op: "+" | "-" | "*" | "/" | "%" | "||",
  left: Emitted,
  right: Emitted,
  at: number,
  emission: Emission,
): Emitted {
  if (op === "||") return concatenated(left, right, at, emission);
  const [a, b] = [left.type, right.type];
  if (isTemporal(a) || isTemporal(b) || a.kind === "interval" || b.kind === "interval" || a.kind === "time")
    return temporal(op, left, right);
  for (const { type } of [left, right])
    if (!isNumber(type) && type.kind !== "unknown")
      emission.fail(at, `'${op}' takes numbers, not ${typeName(type)}; cast it first`);
  // Trino divides whole numbers to whole numbers and fails on zero.
  if (isInteger(a) && isInteger(b)) {
    if (op === "/") return { sql: `((${left.sql}) // ${nonZero(right.sql)})`, type: widest(a, b) };
    if (op === "%") return remainder(left, right);
    return { sql: `(${left.sql} ${op} ${right.sql})`, type: widest(a, b) };
  }
  const [x, y] = [decimalOf(a), decimalOf(b)];
  if (x !== undefined && y !== undefined) {
    if (op === "/") return divideDecimals(left, right, x, y);
    if (op === "%") return remainder(left, right);
    return { sql: `(${left.sql} ${op} ${right.sql})`, type: decimalResult(op, x, y) };
  }
  if (op === "%") return remainder(left, right);
  return {
    sql: `(${left.sql} ${op} ${right.sql})`,
    type: a.kind === "unknown" ? b : b.kind === "unknown" ? a : double,
  };
}

function concatenated(left: Emitted, right: Emitted, at: number, emission: Emission): Emitted {
  const [a, b] = [left.type, right.type];
  if (a.kind === "array" || b.kind === "array") {
    return { sql: `(${asList(left)} || ${asList(right)})`, type: a.kind === "array" ? a : b };
  }
  for (const type of [a, b])
    if (["number", "boolean", "temporal"].includes(category(type)))
      emission.fail(at, `'||' joins texts, not ${typeName(type)}; cast it to varchar first`);
  return { sql: `(${left.sql} || ${right.sql})`, type: a.kind === "varbinary" ? a : varchar };
}

/** An item is put before or behind an array. */
const asList = ({ sql, type }: Emitted): string =>
  type.kind === "array" || type.kind === "unknown" ? sql : `[${sql}]`;

function temporal(op: string, left: Emitted, right: Emitted): Emitted {
  const sql = `(${left.sql} ${op} ${right.sql})`;
  if (right.type.kind === "interval" && left.type.kind === "date") return { sql: `CAST(${sql} AS DATE)`, type: date };
  if (left.type.kind === "interval" && right.type.kind === "date") return { sql: `CAST(${sql} AS DATE)`, type: date };
  if (isTemporal(left.type) && isTemporal(right.type)) return { sql, type: { kind: "interval" } };
  if (isTemporal(left.type) || left.type.kind === "time") return { sql, type: left.type };
  if (isTemporal(right.type)) return { sql, type: right.type };
  return { sql, type: left.type.kind === "interval" ? left.type : commonType([left.type, right.type]) };
}
