import type { Emission } from "./emission.ts";
import type { Emitted } from "./scope.ts";
import { category, typeName, type SqlType } from "./sql-type.ts";
import { parseTime, timeText } from "./time-text.ts";

/**
 * Both sides of a comparison, a string against a date or time made one: a literal becomes a literal of that type, so that
 * files can still be skipped by it, anything else is cast and null where it is no time.
 */
export function comparable(left: Emitted, right: Emitted, at: number, emission: Emission): readonly [string, string] {
  const [a, b] = [category(left.type), category(right.type)];
  if (a === "temporal" && b === "string") return [left.sql, temporal(right, left.type, at, emission)];
  if (a === "string" && b === "temporal") return [temporal(left, right.type, at, emission), right.sql];
  if (left.type.kind === "json" && b === "string") return [left.sql, right.text === undefined ? `to_json(${right.sql})` : `to_json(CAST(${right.sql} AS VARCHAR))`];
  if (right.type.kind === "json" && a === "string") return [`to_json(CAST(${left.sql} AS VARCHAR))`, right.sql];
  if (a !== b && a !== "other" && b !== "other") {
    // AWS's own samples compare booleans with 'true' and 'false'.
    if (a === "boolean" && right.text !== undefined && /^(true|false)$/i.test(right.text)) return [left.sql, right.text.toLowerCase()];
    if (b === "boolean" && left.text !== undefined && /^(true|false)$/i.test(left.text)) return [left.text.toLowerCase(), right.sql];
    emission.fail(at, `cannot compare ${typeName(left.type)} with ${typeName(right.type)}`);
  }
  return [left.sql, right.sql];
}

function temporal(text: Emitted, like: SqlType, at: number, emission: Emission): string {
  const target = like.kind === "timestamptz" ? "TIMESTAMPTZ" : "TIMESTAMP";
  if (text.text === undefined) return `TRY_CAST(${text.sql} AS TIMESTAMPTZ)`;
  const micros = parseTime(text.text) ?? emission.fail(at, `'${text.text}' is not a date or time`);
  return `${target} '${timeText(micros)}${target === "TIMESTAMPTZ" ? "+00" : ""}'`;
}

/** Refuses a set operation over columns of different categories, which the engine would cast silently. */
export function assertSameColumn(left: SqlType, right: SqlType, at: number, emission: Emission): void {
  const [a, b] = [category(left), category(right)];
  if (a !== b && a !== "other" && b !== "other") emission.fail(at, `a set operation joins a column of ${typeName(left)} with one of ${typeName(right)}`);
}
