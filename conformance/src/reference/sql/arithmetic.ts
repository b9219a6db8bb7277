import type { SqlRules } from "./sql-rules.ts";
import { Span, StatementError, Time, type Value } from "./value.ts";

/** What `+`, `-`, `*`, `/` and `%` make of two values that are not NULL. Throws `StatementError`, `RunError`. */
export function arithmetic(operator: string, left: Value, right: Value, rules: SqlRules): Value {
  const sign = operator === "-" ? -1 : 1;
  if (left instanceof Time && right instanceof Span) return new Time(left.ms + sign * right.ms);
  if (typeof left === "bigint" && typeof right === "bigint")
    switch (operator) {
      case "+":
        return left + right;
      case "-":
        return left - right;
      case "*":
        return left * right;
      case "/":
        return rules.divide(left, right);
      default:
        return rules.remainder(left, right);
    }
  const [a, b] = [Number(left), Number(right)];
  if (Number.isNaN(a) || Number.isNaN(b)) return wrongType(operator, left);
  if (operator === "+") return a + b;
  if (operator === "-") return a - b;
  return operator === "*" ? a * b : operator === "/" ? a / b : a % b;
}

/** Throws: an operator does not take such a value. */
export function wrongType(operator: string, value: Value): never {
  throw new StatementError(`'${operator}' does not take ${typeof value}`);
}
