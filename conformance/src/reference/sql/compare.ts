import type { SqlRules } from "./sql-rules.ts";
import { Address, isList, keyOf, StatementError, Time, type Value } from "./value.ts";

/** The order of two values that are not NULL: below, above or 0. Throws `StatementError` where they have none. */
export function compare(a: Value, b: Value, rules: SqlRules): number {
  if (typeof a === "string" && typeof b === "string") return rules.compareTexts(a, b);
  if (isNumber(a) && isNumber(b)) return Number(a > b) - Number(a < b);
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a instanceof Time || b instanceof Time) return timeOf(a, rules) - timeOf(b, rules);
  if (a instanceof Address && b instanceof Address) return Number(a.text !== b.text);
  if (isList(a) && isList(b)) return Number(keyOf([a]) !== keyOf([b]));
  return rules.mismatch(typeof a, typeof b);
}

const isNumber = (value: Value): value is bigint | number => typeof value === "bigint" || typeof value === "number";

function timeOf(value: Value, rules: SqlRules): number {
  if (value instanceof Time) return value.ms;
  const ms = typeof value === "string" ? rules.readTime(value) : undefined;
  if (ms === undefined) throw new StatementError(`${JSON.stringify(value)} is no time`);
  return ms;
}
