import type { Emitted } from "../scope.ts";
import { literal } from "../sql-text.ts";
import { failing } from "./failing.ts";
import { letIn } from "./function-row.ts";

/** element_at: null where nothing is there. An index of 0 fails. */
export function elementAt(of: Emitted, index: Emitted): Emitted | undefined {
  if (of.type.kind === "map") return { sql: `map_extract_value(${of.sql}, ${index.sql})`, type: of.type.value };
  if (of.type.kind !== "array") return undefined;
  const at = /^-?[1-9]\d*$/.test(index.sql)
    ? index.sql
    : `CASE WHEN (${index.sql}) = 0 THEN ${failing("subscript")} ELSE (${index.sql}) END`;
  return { sql: `list_extract(${of.sql}, ${at})`, type: of.type.element };
}

/** `container[index]`: fails where nothing is there, as in Trino; of a row, its n-th field. */
export function subscript(of: Emitted, index: Emitted): Emitted | undefined {
  if (of.type.kind === "row") {
    const field = /^\d+$/.test(index.sql) ? of.type.fields[Number(index.sql) - 1] : undefined;
    return (
      field && {
        sql: `struct_extract(${of.sql}, ${field.name === "" ? index.sql : literal(field.name)})`,
        type: field.type,
      }
    );
  }
  if (of.type.kind === "map") {
    const type = of.type.value;
    const sql = letIn(
      [of.sql, index.sql],
      (map, key) =>
        `CASE WHEN ${map} IS NULL OR ${key} IS NULL OR map_contains(${map}, ${key}) THEN map_extract_value(${map}, ${key}) WHEN ${failing("key")} IS NULL THEN NULL END`,
    );
    return { sql, type };
  }
  if (of.type.kind !== "array") return undefined;
  const sql = letIn(
    [of.sql, index.sql],
    (list, at) =>
      `list_extract(${list}, CASE WHEN ${at} < 1 OR ${at} > len(${list}) THEN ${failing("subscript")} ELSE ${at} END)`,
  );
  return { sql, type: of.type.element };
}
