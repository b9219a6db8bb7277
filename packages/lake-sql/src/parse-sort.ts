import type { SortItem } from "./ast.ts";
import type { Cursor } from "./cursor.ts";

/** The items after ORDER BY. Without NULLS FIRST or LAST Trino puts nulls last in either direction. */
export function parseSort(cursor: Cursor): SortItem[] {
  return cursor.list(() => {
    const of = cursor.expression();
    const descending = cursor.accept("ASC", "DESC") === "DESC";
    let nullsFirst = false;
    if (cursor.accept("NULLS") !== undefined) {
      const where = cursor.accept("FIRST", "LAST");
      if (where === undefined) throw cursor.unexpected("FIRST or LAST");
      nullsFirst = where === "FIRST";
    }
    return { of, descending, nullsFirst };
  });
}
