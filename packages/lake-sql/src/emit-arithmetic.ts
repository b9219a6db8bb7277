import type { BinaryOperator } from "./ast.ts";
import { decimalOf, decimalResult, divideDecimals } from "./decimal.ts";
import type { Emission } from "./emission.ts";
import { nonZero, remainder, widest } from "./functions/number-functions.ts";
import { failing } from "./functions/failing.ts";
import { shortName } from "./functions/argument-kinds.ts";
import { letIn } from "./functions/function-row.ts";
import { mixable } from "./shared-type.ts";
import type { Emitted } from "./scope.ts";
import {
  category,
  date,
  double,
  interval,
  isInteger,
  isNumber,
  isTemporal,
  typeName,
  varchar,
  type SqlType,
} from "./sql-type.ts";
import { onWallClock } from "./wall-clock.ts";

/** `left op right` with Trino's types: whole numbers stay whole, decimals keep their digits, an overflow fails. */
export function emitArithmetic(
  op: BinaryOperator,
  left: Emitted,
  right: Emitted,
  at: number,
  emission: Emission,
): Emitted {
  if (op === "||") return concatenated(left, right, at, emission);
  const [a, b] = [left.type, right.type];
  if ([a, b].some((type) => isMoment(type) || isInterval(type))) return temporal(op, left, right, at, emission);
  for (const { type } of [left, right])
    if (!isNumber(type) && type.kind !== "unknown")
      emission.fail(at, `'${op}' takes numbers, not ${shortName(type)}; cast it first`);
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
    const [x, y] = [a, b].map((type) => (type.kind === "array" ? type.element : type));
    if (x !== undefined && y !== undefined && !mixable(x, y))
      emission.fail(at, `'||' joins ${shortName(a)} with ${shortName(b)}; cast one of them`);
    return { sql: `(${asList(left)} || ${asList(right)})`, type: a.kind === "array" ? a : b };
  }
  for (const type of [a, b])
    if (["number", "boolean", "temporal"].includes(category(type)))
      emission.fail(at, `'||' joins texts, not ${typeName(type)}; cast it to varchar first`);
  return { sql: `(${left.sql} || ${right.sql})`, type: a.kind === "varbinary" ? a : varchar };
}

/** An item is put before or behind an array; a null makes all of it null. */
export const asList = ({ sql, type }: Emitted): string =>
  type.kind === "array" || type.kind === "unknown" ? sql : `CASE WHEN (${sql}) IS NOT NULL THEN [${sql}] END`;

function temporal(op: BinaryOperator, left: Emitted, right: Emitted, at: number, emission: Emission): Emitted {
  const [a, b] = [left.type, right.type];
  const sql = `(${left.sql} ${op} ${right.sql})`;
  if (isInterval(a) && isInterval(b) && a.kind === b.kind && (op === "+" || op === "-")) return { sql, type: a };
  if (isInterval(a) && isNumber(b) && (op === "*" || op === "/")) return { sql: times(left, right, op), type: a };
  if (isNumber(a) && isInterval(b) && op === "*") return { sql: times(right, left, op), type: b };
  if (isMoment(a) && isInterval(b) && (op === "+" || op === "-")) return moved(left, op, right, at, emission);
  if (isInterval(a) && isMoment(b) && op === "+") return moved(right, op, left, at, emission);
  if (isMoment(a) && isMoment(b) && op === "-" && (a.kind === "time") === (b.kind === "time"))
    return { sql: between(left, right), type: interval };
  for (const [one, other] of [
    [a, right],
    [b, left],
  ] as const)
    if (one.kind === "unknown") return { sql: "NULL", type: other.type };
  return emission.fail(at, `'${op}' does not take ${typeName(a)} and ${typeName(b)}`);
}

/** The time from the right moment to the left one. */
function between(left: Emitted, right: Emitted): string {
  if (left.type.kind === "time") return `((DATE '1970-01-01' + ${left.sql}) - (DATE '1970-01-01' + ${right.sql}))`;
  const sql = `(${left.sql} - ${right.sql})`;
  return left.type.kind === "date" && right.type.kind === "date" ? `to_days(CAST(${sql} AS INTEGER))` : sql;
}

const isInterval = (type: SqlType): boolean => type.kind === "interval" || type.kind === "months";
const isMoment = (type: SqlType): boolean => isTemporal(type) || type.kind === "time";

/** An interval as often as a number says, a fraction of it too. */
function times(span: Emitted, number: Emitted, op: "*" | "/"): string {
  if (span.type.kind === "months")
    return `to_months(CAST(trunc((epoch_us(${span.sql}) // 2592000000000) ${op} CAST(${number.sql} AS DOUBLE)) AS INTEGER))`;
  return `to_milliseconds(CAST(trunc((epoch_us(${span.sql}) // 1000) ${op} CAST(${number.sql} AS DOUBLE)) AS BIGINT))`;
}

/** A moment later or earlier: months on the calendar of its zone, the rest in time that passes. */
function moved(from: Emitted, op: "+" | "-", span: Emitted, at: number, emission: Emission): Emitted {
  const sum = (moment: string): string => `(${moment} ${op} ${span.sql})`;
  if (span.type.kind === "months") {
    if (from.type.kind === "time") emission.fail(at, "a time of day takes an interval of hours and less");
    return from.type.kind === "date" ? { sql: `CAST(${sum(from.sql)} AS DATE)`, type: date } : onWallClock(from, sum);
  }
  if (from.type.kind !== "date") return { sql: sum(from.sql), type: from.type };
  if (/^to_milliseconds\(-?\d+\)$/.test(span.sql))
    emission.fail(at, "a date takes an interval of whole days; cast it to a timestamp first");
  const sql = /^to_days\(-?\d+\)$/.test(span.sql)
    ? `CAST(${sum(from.sql)} AS DATE)`
    : letIn(
        [sum(from.sql)],
        (moment) =>
          `CASE WHEN ${moment} <> date_trunc('day', ${moment}) THEN CAST(CAST(${failing("days")} AS VARCHAR) AS DATE) ELSE CAST(${moment} AS DATE) END`,
      );
  return { sql, type: date };
}
