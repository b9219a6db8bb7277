import { unknownType, type SqlType } from "../sql-type.ts";
import { letIn } from "./function-row.ts";

/** The type of an array's items; unknown for what is no array. */
export const element = (type: SqlType | undefined): SqlType => (type?.kind === "array" ? type.element : unknownType);

// A lambda inside of which a whole list is looked at would make a copy of it for each item: items are sorted with their places instead,
// and each is looked at beside the one before it.

/** Items with their places from 1, or all of them with place 0. */
const placed = (list: string, place: "index" | "0"): string =>
  `list_transform(${list}, lambda "item", "index": {'item': "item", 'place': ${place === "0" ? "CAST(0 AS BIGINT)" : `CAST("index" AS BIGINT)`}})`;

const item = (of: string): string => `struct_extract(${of}, 'item')`;
const place = (of: string): string => `struct_extract(${of}, 'place')`;

/** The items that a condition on neighbours keeps, in the order of their places; `a` is the one before `b`, null before the first. */
const keptOf = (items: string, condition: (a: string, b: string) => string, result = item): string =>
  letIn([`list_sort(${items})`], (sorted) => {
    const pairs = `list_zip(list_concat([NULL], list_slice(${sorted}, 1, len(${sorted}) - 1)), ${sorted})`;
    const [a, b] = ['struct_extract("pair", 1)', 'struct_extract("pair", 2)'];
    const kept = `list_transform(list_filter(${pairs}, lambda "pair": ${b} IS NOT NULL AND ${condition(a, b)}), lambda "pair": {'place': ${place(b)}, 'kept': ${b}})`;
    return `CASE WHEN ${sorted} IS NOT NULL THEN list_transform(list_sort(${kept}), lambda "kept": ${result(`struct_extract("kept", 'kept')`)}) END`;
  });

const first = (a: string, b: string): string => `(${a} IS NULL OR ${item(a)} IS DISTINCT FROM ${item(b)})`;

/** Each value once, in the order of first appearance. */
export const distinct = (list: string): string => keptOf(placed(list, "index"), first);

/** A map of entries in a list: of those with the same key, the first. */
export const firstOfEach = (entries: string): string =>
  `map_from_entries(${keptOf(
    `list_transform(${entries}, lambda "entry", "index": {'item': struct_extract("entry", 'key'), 'place': CAST("index" AS BIGINT), 'value': struct_extract("entry", 'value')})`,
    first,
    (of) => `row(${item(of)}, struct_extract(${of}, 'value'))`,
  )})`;

/** Each value of the left list once that the right one has, or has not. */
export const among = (left: string, right: string, wanted: boolean): string =>
  keptOf(`list_concat(${placed(right, "0")}, ${placed(left, "index")})`, (a, b) =>
    wanted
      ? `${a} IS NOT NULL AND ${item(a)} IS NOT DISTINCT FROM ${item(b)} AND ${place(a)} = 0 AND ${place(b)} > 0`
      : `${first(a, b)} AND ${place(b)} > 0`,
  );

/** Whether no item of a list is null. */
export const noNull = (list: string): string => `len(list_filter(${list}, lambda "item": "item" IS NULL)) = 0`;
