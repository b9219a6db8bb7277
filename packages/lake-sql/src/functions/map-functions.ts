import { arrayOf, mapOf, unknownType, type SqlType } from "../sql-type.ts";
import { call, letIn, scalar, typeOf, type FunctionRow } from "./function-row.ts";
import { distinct, element } from "./list-sql.ts";
import { multimap } from "./string-functions.ts";

const keyOf = (type: SqlType | undefined): SqlType => (type?.kind === "map" ? type.key : unknownType);
const valueOf = (type: SqlType | undefined): SqlType => (type?.kind === "map" ? type.value : unknownType);
const same = typeOf(0);

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

export const mapFunctions: readonly FunctionRow[] = [
  {
    name: "map",
    kind: "scalar",
    arity: [0, 2],
    emit: ([keys, values]) =>
      keys === undefined || values === undefined
        ? { sql: "MAP {}", type: mapOf(unknownType, unknownType) }
        : { sql: `map(${keys.sql}, ${values.sql})`, type: mapOf(element(keys.type), element(values.type)) },
  },
  scalar("map_keys", 1, (args) => arrayOf(keyOf(args[0]?.type)), call("map_keys")),
  scalar("map_values", 1, (args) => arrayOf(valueOf(args[0]?.type)), call("map_values")),
  scalar(
    "map_entries",
    1,
    (args) =>
      arrayOf({
        kind: "row",
        fields: [
          { name: "key", type: keyOf(args[0]?.type) },
          { name: "value", type: valueOf(args[0]?.type) },
        ],
      }),
    call("map_entries"),
  ),
  // The engine leaves a null out.
  scalar(
    "map_concat",
    [2, 8],
    same,
    (...maps) =>
      `CASE WHEN ${maps.map((map) => `(${map}) IS NOT NULL`).join(" AND ")} THEN map_concat(${maps.join(", ")}) END`,
  ),
  scalar(
    "multimap_from_entries",
    1,
    (args) => multi(entriesType(element(args[0]?.type))),
    (entries) =>
      letIn(
        [`list_transform(${entries}, lambda "e0": {'key': struct_extract("e0", 1), 'value': struct_extract("e0", 2)})`],
        multimap,
      ),
  ),
  {
    name: "map_zip_with",
    kind: "scalar",
    arity: [3, 3],
    lambdas: [2],
    emit: ([left, right], context) => {
      if (left?.type.kind !== "map" || right?.type.kind !== "map") return context.fail("map_zip_with takes two maps");
      const item = context.fresh();
      const body = context.lambda(2, [
        { sql: item, type: left.type.key },
        { sql: `map_extract_value(${left.sql}, ${item})`, type: left.type.value },
        { sql: `map_extract_value(${right.sql}, ${item})`, type: right.type.value },
      ]);
      const keys = distinct(`list_concat(map_keys(${left.sql}), map_keys(${right.sql}))`);
      return {
        sql: `CASE WHEN (${left.sql}) IS NOT NULL AND (${right.sql}) IS NOT NULL THEN map_from_entries(list_transform(${keys}, lambda ${item}: row(${item}, ${body.sql}))) END`,
        type: mapOf(left.type.key, body.type),
      };
    },
  },
  scalar("map_from_entries", 1, (args) => entriesType(element(args[0]?.type)), call("map_from_entries")),
  overEntries(
    "map_filter",
    (map) => map,
    (entries, entry, body) => `map_from_entries(list_filter(${entries}, lambda ${entry}: ${body}))`,
  ),
  overEntries(
    "transform_values",
    (map, body) => mapOf(keyOf(map), body),
    (entries, entry, body) =>
      `map_from_entries(list_transform(${entries}, lambda ${entry}: row(struct_extract(${entry}, 'key'), ${body})))`,
  ),
  overEntries(
    "transform_keys",
    (map, body) => mapOf(body, valueOf(map)),
    (entries, entry, body) =>
      `map_from_entries(list_transform(${entries}, lambda ${entry}: row(${body}, struct_extract(${entry}, 'value'))))`,
  ),
];

const multi = (map: SqlType): SqlType => (map.kind === "map" ? mapOf(map.key, arrayOf(map.value)) : map);

const entriesType = (row: SqlType): SqlType =>
  row.kind === "row"
    ? mapOf(row.fields[0]?.type ?? unknownType, row.fields[1]?.type ?? unknownType)
    : mapOf(unknownType, unknownType);
