import type { Emission } from "./emission.ts";
import type { Emitted } from "./scope.ts";
import { category, commonType, timestamptz, typeName, type SqlType } from "./sql-type.ts";
import { mixable } from "./shared-type.ts";
import { parseTime, timeText } from "./time-text.ts";

/**
 * Both sides of a comparison, a string against a date or time made one: a literal becomes a literal of that type, so that
 * files can still be skipped by it, anything else is cast and null where it is no time.
 */
export function comparable(left: Emitted, right: Emitted, at: number, emission: Emission): readonly [string, string] {
  const [a, b] = [category(left.type), category(right.type)];
  if (a === "temporal" && b === "string") return [left.sql, temporal(right, left.type, at, emission)];
  if (a === "string" && b === "temporal") return [temporal(left, right.type, at, emission), right.sql];
  if (left.type.kind === "json" && b === "string")
    return [left.sql, right.text === undefined ? `to_json(${right.sql})` : `to_json(CAST(${right.sql} AS VARCHAR))`];
  if (right.type.kind === "json" && a === "string") return [`to_json(CAST(${left.sql} AS VARCHAR))`, right.sql];
  if (a !== b && a !== "other" && b !== "other") {
    // AWS's own samples compare a boolean with 'true' and a string with true.
    if (a === "boolean" && b === "string") return [`CAST(${left.sql} AS VARCHAR)`, right.sql];
    if (a === "string" && b === "boolean") return [left.sql, `CAST(${right.sql} AS VARCHAR)`];
    emission.fail(at, `cannot compare ${typeName(left.type)} with ${typeName(right.type)}; cast one of them`);
  }
  if ((a === "other" || b === "other") && !mixable(left.type, right.type))
    emission.fail(at, `cannot compare ${typeName(left.type)} with ${typeName(right.type)}; cast one of them`);
  return [left.sql, right.sql];
}

function temporal(text: Emitted, like: SqlType, at: number, emission: Emission): string {
  const target = like.kind === "timestamptz" ? "TIMESTAMPTZ" : "TIMESTAMP";
  if (text.text === undefined) return `TRY_CAST(${text.sql} AS TIMESTAMPTZ)`;
  const micros = parseTime(text.text) ?? emission.fail(at, `'${text.text}' is not a date or time`);
  return `${target} '${timeText(micros)}${target === "TIMESTAMPTZ" ? "+00" : ""}'`;
}

/**
 * The type of a column of a set operation, and whether a side must be cast to it: a string beside a time is read as one,
 * as AWS's samples join eventTime with eventData.eventTime. Other categories do not mix.
 */
export function setColumn(
  left: SqlType,
  right: SqlType,
  at: number,
  emission: Emission,
): { readonly type: SqlType; readonly castLeft: boolean; readonly castRight: boolean } {
  const [a, b] = [category(left), category(right)];
  const castLeft = a === "string" && b === "temporal";
  const castRight = a === "temporal" && b === "string";
  if (castLeft || castRight) return { type: timestamptz, castLeft, castRight };
  if (!mixable(left, right))
    emission.fail(at, `a set operation joins a column of ${typeName(left)} with one of ${typeName(right)}`);
  return { type: commonType([left, right]), castLeft, castRight };
}
