import type { Emission } from "./emission.ts";
import type { Emitted } from "./scope.ts";
import { category, commonType, duckdbType, typeName, unknownType, type SqlType } from "./sql-type.ts";

/** Whether one place may hold values of both types, as Trino's rules of coercion say. */
export function mixable(a: SqlType, b: SqlType): boolean {
  if (a.kind === "unknown" || b.kind === "unknown") return true;
  if (a.kind === "array" && b.kind === "array") return mixable(a.element, b.element);
  if (a.kind === "map" && b.kind === "map") return mixable(a.key, b.key) && mixable(a.value, b.value);
  if (a.kind === "row" && b.kind === "row")
    return (
      a.fields.length === b.fields.length &&
      a.fields.every((field, index) => mixable(field.type, b.fields[index]?.type ?? unknownType))
    );
  return category(a) === "other" ? a.kind === b.kind : category(a) === category(b);
}

/** The type of a place that holds values of all these types; refuses those that do not mix. */
export function sharedType(types: readonly SqlType[], at: number, what: string, emission: Emission): SqlType {
  const first = types.find((type) => type.kind !== "unknown") ?? unknownType;
  const other = types.find((type) => !mixable(first, type));
  if (other !== undefined)
    emission.fail(at, `${what} mixes ${typeName(first)} and ${typeName(other)}; cast one of them`);
  return commonType(types);
}

/** The SQL of a condition; refuses what is not boolean. */
export function truth(condition: Emitted, at: number, what: string, emission: Emission): string {
  if (condition.type.kind !== "boolean" && condition.type.kind !== "unknown")
    emission.fail(at, `${what} takes boolean, not ${typeName(condition.type)}`);
  return condition.sql;
}

/** The SQL of a value as one of a shared type: a decimal gets its digits, a number among doubles is one. */
export function coerced({ sql, type }: Emitted, to: SqlType): string {
  const numeric = to.kind === "decimal" || to.kind === "double";
  if (!numeric || type.kind === "unknown" || typeName(type) === typeName(to)) return sql;
  return `CAST(${sql} AS ${duckdbType(to)})`;
}
