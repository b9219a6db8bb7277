import { arrayOf, bigint, boolean, commonType, mapOf, unknownType, varchar, type SqlType } from "../sql-type.ts";
import type { Emitted } from "../scope.ts";
import { atMost } from "./failing.ts";
import { call, scalar, typeOf, type FunctionRow } from "./function-row.ts";

const element = (type: SqlType | undefined): SqlType => (type?.kind === "array" ? type.element : unknownType);
const key = (type: SqlType | undefined): SqlType => (type?.kind === "map" ? type.key : unknownType);
const value = (type: SqlType | undefined): SqlType => (type?.kind === "map" ? type.value : unknownType);
const same = typeOf(0);

/** A list function with a lambda over one element. */
const overElements = (
  name: string,
  type: (list: SqlType, body: SqlType) => SqlType,
  template: (list: string, lambda: string) => string,
): FunctionRow => ({
  name,
  kind: "scalar",
  arity: [2, 2],
  lambdas: [1],
  emit: ([list], context) => {
    if (list?.type.kind !== "array") return context.fail(`the first argument of ${name} must be an array`);
    const item = context.fresh();
    const body = context.lambda(1, [{ sql: item, type: list.type.element }]);
    return { sql: template(list.sql, `lambda ${item}: ${body.sql}`), type: type(list.type, body.type) };
  },
});

/** A map function with a lambda over key and value, run over the map's entries. */
const overEntries = (
  name: string,
  type: (map: SqlType, body: SqlType) => SqlType,
  template: (entries: string, entry: string, body: string) => string,
): FunctionRow => ({
  name,
  kind: "scalar",
  arity: [2, 2],
  lambdas: [1],
  emit: ([map], context) => {
    if (map?.type.kind !== "map") return context.fail(`the first argument of ${name} must be a map`);
    const entry = context.fresh();
    const body = context.lambda(1, [
      { sql: `struct_extract(${entry}, 'key')`, type: map.type.key },
      { sql: `struct_extract(${entry}, 'value')`, type: map.type.value },
    ]);
    return { sql: template(`map_entries(${map.sql})`, entry, body.sql), type: type(map.type, body.type) };
  },
});

/** `container[index]` and element_at: null where nothing is there. */
export function elementAt(of: Emitted, index: Emitted): Emitted | undefined {
  if (of.type.kind === "map") return { sql: `map_extract_value(${of.sql}, ${index.sql})`, type: of.type.value };
  if (of.type.kind === "array") return { sql: `list_extract(${of.sql}, ${index.sql})`, type: of.type.element };
  return undefined;
}

export const collectionFunctions: readonly FunctionRow[] = [
  {
    name: "element_at",
    kind: "scalar",
    arity: [2, 2],
    emit: ([of, index], context) =>
      (of !== undefined && index !== undefined ? elementAt(of, index) : undefined) ??
      context.fail("the first argument of element_at must be an array or a map"),
  },
  {
    name: "cardinality",
    kind: "scalar",
    arity: [1, 1],
    emit: ([of]) => ({
      sql: of?.type.kind === "map" ? `CAST(cardinality(${of.sql}) AS BIGINT)` : `len(${of?.sql})`,
      type: bigint,
    }),
  },
  {
    name: "concat",
    kind: "scalar",
    arity: [2, 64],
    // Trino's concat of a null is null; DuckDB's skips it, its || does not.
    emit: (args) => ({
      sql: `(${args.map((arg) => arg.sql).join(" || ")})`,
      type: args.find((arg) => arg.type.kind === "array")?.type ?? varchar,
    }),
  },
  {
    name: "reverse",
    kind: "scalar",
    arity: [1, 1],
    emit: ([of]) => ({
      sql: `${of?.type.kind === "array" ? "list_reverse" : "reverse"}(${of?.sql})`,
      type: of?.type ?? varchar,
    }),
  },
  scalar("contains", 2, boolean, call("list_contains")),
  scalar(
    "array_join",
    [2, 3],
    varchar,
    (list, by, empty) =>
      `array_to_string(${empty === undefined ? list : `list_transform(CAST(${list} AS VARCHAR[]), lambda "item": coalesce("item", ${empty}))`}, ${by})`,
  ),
  // In the order of first appearance, as Trino answers; list_distinct has no order.
  scalar(
    "array_distinct",
    1,
    same,
    (list) => `list_filter(${list}, lambda "item", "index": list_position(${list}, "item") = "index")`,
  ),
  scalar("array_sort", 1, same, (list) => `list_sort(${list}, 'ASC', 'NULLS LAST')`),
  scalar("array_max", 1, (args) => element(args[0]?.type), call("list_max")),
  scalar("array_min", 1, (args) => element(args[0]?.type), call("list_min")),
  scalar("array_position", 2, bigint, (list, item) => `CAST(coalesce(list_position(${list}, ${item}), 0) AS BIGINT)`),
  scalar("array_remove", 2, same, (list, item) => `list_filter(${list}, lambda "item": "item" <> ${item})`),
  scalar("array_union", 2, same, (left, right) => `list_distinct(list_concat(${left}, ${right}))`),
  scalar("array_intersect", 2, same, call("list_intersect")),
  scalar(
    "array_except",
    2,
    same,
    (left, right) => `list_distinct(list_filter(${left}, lambda "item": NOT list_contains(${right}, "item")))`,
  ),
  scalar("arrays_overlap", 2, boolean, call("list_has_any")),
  scalar("slice", 3, same, (list, from, length) => `list_slice(${list}, ${from}, (${from}) + (${length}) - 1)`),
  scalar("sequence", [2, 3], (args) => arrayOf(args[0]?.type ?? bigint), call("generate_series")),
  scalar(
    "repeat",
    2,
    (args) => arrayOf(args[0]?.type ?? unknownType),
    (item, times) => `list_transform(range(${atMost(10_000, times, "repeat")}), lambda "item": ${item})`,
  ),
  scalar("flatten", 1, (args) => element(args[0]?.type), call("flatten")),
  overElements(
    "transform",
    (_, body) => arrayOf(body),
    (list, lambda) => `list_transform(${list}, ${lambda})`,
  ),
  overElements(
    "filter",
    (list) => list,
    (list, lambda) => `list_filter(${list}, ${lambda})`,
  ),
  overElements(
    "any_match",
    () => boolean,
    (list, lambda) => `list_bool_or(list_transform(${list} || [], ${lambda}) || [false])`,
  ),
  overElements(
    "all_match",
    () => boolean,
    (list, lambda) => `list_bool_and(list_transform(${list} || [], ${lambda}) || [true])`,
  ),
  overElements(
    "none_match",
    () => boolean,
    (list, lambda) => `(NOT list_bool_or(list_transform(${list} || [], ${lambda}) || [false]))`,
  ),
  {
    name: "reduce",
    kind: "scalar",
    arity: [4, 4],
    lambdas: [2, 3],
    emit: ([list, start], context) => {
      const state = { sql: context.fresh(), type: start?.type ?? unknownType };
      const item = { sql: context.fresh(), type: element(list?.type) };
      const step = context.lambda(2, [state, item]);
      const last = { sql: context.fresh(), type: commonType([state.type, step.type]) };
      const finish = context.lambda(3, [last]);
      const folded = `list_reduce(${list?.sql}, lambda ${state.sql}, ${item.sql}: ${step.sql}, ${start?.sql})`;
      return {
        sql: `list_extract(list_transform([${folded}], lambda ${last.sql}: ${finish.sql}), 1)`,
        type: finish.type,
      };
    },
  },
  {
    name: "map",
    kind: "scalar",
    arity: [0, 2],
    emit: ([keys, values]) =>
      keys === undefined || values === undefined
        ? { sql: "MAP {}", type: mapOf(unknownType, unknownType) }
        : { sql: `map(${keys.sql}, ${values.sql})`, type: mapOf(element(keys.type), element(values.type)) },
  },
  scalar("map_keys", 1, (args) => arrayOf(key(args[0]?.type)), call("map_keys")),
  scalar("map_values", 1, (args) => arrayOf(value(args[0]?.type)), call("map_values")),
  scalar(
    "map_entries",
    1,
    (args) =>
      arrayOf({
        kind: "row",
        fields: [
          { name: "key", type: key(args[0]?.type) },
          { name: "value", type: value(args[0]?.type) },
        ],
      }),
    call("map_entries"),
  ),
  scalar("map_concat", [2, 8], same, call("map_concat")),
  scalar("map_from_entries", 1, (args) => entriesType(element(args[0]?.type)), call("map_from_entries")),
  overEntries(
    "map_filter",
    (map) => map,
    (entries, entry, body) => `map_from_entries(list_filter(${entries}, lambda ${entry}: ${body}))`,
  ),
  overEntries(
    "transform_values",
    (map, body) => mapOf(key(map), body),
    (entries, entry, body) =>
      `map_from_entries(list_transform(${entries}, lambda ${entry}: row(struct_extract(${entry}, 'key'), ${body})))`,
  ),
  overEntries(
    "transform_keys",
    (map, body) => mapOf(body, value(map)),
    (entries, entry, body) =>
      `map_from_entries(list_transform(${entries}, lambda ${entry}: row(${body}, struct_extract(${entry}, 'value'))))`,
  ),
];

const entriesType = (row: SqlType): SqlType =>
  row.kind === "row"
    ? mapOf(row.fields[0]?.type ?? unknownType, row.fields[1]?.type ?? unknownType)
    : mapOf(unknownType, unknownType);
