import { nullValue } from "../scope.ts";
import { asList } from "../emit-arithmetic.ts";
import { asText } from "../emit-cast.ts";
import {
  arrayOf,
  bigint,
  boolean,
  duckdbType,
  isTemporal,
  mapOf,
  typeName,
  unknownType,
  varchar,
} from "../sql-type.ts";
import { atMost, failing } from "./failing.ts";
import { call, letIn, scalar, typeOf, type FunctionRow } from "./function-row.ts";
import { inNetwork, ipAddress } from "./ip-functions.ts";
import { elementAt } from "./item-access.ts";
import { among, distinct, element, noNull } from "./list-sql.ts";

const same = typeOf(0);

/** A function of two arrays that is null where one of them is. */
const ofTwo = (name: string, template: (left: string, right: string) => string): FunctionRow =>
  scalar(name, 2, same, (left, right) =>
    letIn([left, right], (a, b) => `CASE WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN ${template(a, b)} END`),
  );

export const arrayFunctions: readonly FunctionRow[] = [
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
    emit: (args, context) => {
      const list = args.find((arg) => arg.type.kind === "array")?.type;
      const type =
        list ?? (args.some((arg) => arg.type.kind === "varbinary") ? { kind: "varbinary" as const } : varchar);
      const other =
        list === undefined ? args.find((arg) => arg.type.kind !== type.kind && arg.type.kind !== "unknown") : undefined;
      if (other !== undefined)
        context.fail(`'concat' joins texts, not ${typeName(other.type)}; cast it to varchar first`);
      const items = args.map((arg) => (list === undefined ? arg.sql : asList(arg)));
      return { sql: `(${items.join(" || ")})`, type };
    },
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
  {
    name: "contains",
    kind: "scalar",
    arity: [2, 2],
    emit: ([of, item]) =>
      of?.type.kind === "varchar"
        ? {
            sql: inNetwork(of.sql, item?.type.kind === "ipaddress" ? item.sql : ipAddress(item?.sql ?? "")),
            type: boolean,
          }
        : {
            // Not found among nulls is not known.
            sql: letIn(
              [of?.sql ?? "", item?.sql ?? ""],
              (list, value) =>
                `CASE WHEN list_contains(${list}, ${value}) THEN true WHEN len(list_filter(${list}, lambda "item": "item" IS NULL)) = 0 THEN list_contains(${list}, ${value}) END`,
            ),
            type: boolean,
          },
  },
  scalar("contains_sequence", 2, boolean, (list, part) =>
    letIn(
      [list, part],
      (whole, piece) =>
        `coalesce(list_bool_or(list_transform(range(1, len(${whole}) - len(${piece}) + 2), lambda "index": list_slice(${whole}, "index", "index" + len(${piece}) - 1) = ${piece})), false)`,
    ),
  ),
  {
    name: "array_histogram",
    kind: "scalar",
    arity: [1, 1],
    emit: ([list]) => ({
      sql: `CAST(list_aggregate(list_filter(${list?.sql}, lambda "item": "item" IS NOT NULL), 'histogram') AS MAP(${duckdbType(element(list?.type))}, BIGINT))`,
      type: mapOf(element(list?.type), bigint),
    }),
  },
  scalar(
    "ngrams",
    2,
    (args) => arrayOf(args[0]?.type ?? unknownType),
    (list, n) =>
      letIn(
        [list, n],
        (whole, size) =>
          `list_transform(range(1, greatest(len(${whole}) - ${size} + 1, 1) + 1), lambda "index": list_slice(${whole}, "index", "index" + ${size} - 1))`,
      ),
  ),
  scalar("trim_array", 2, same, (list, n) =>
    letIn(
      [list, n],
      (whole, size) =>
        `list_slice(${whole}, 1, CASE WHEN ${size} > len(${whole}) OR ${size} < 0 THEN ${failing("subscript")} ELSE len(${whole}) - ${size} END)`,
    ),
  ),
  {
    name: "zip",
    kind: "scalar",
    arity: [2, 5],
    emit: (lists) => ({
      sql: `CASE WHEN ${lists.map(({ sql }) => `(${sql}) IS NOT NULL`).join(" AND ")} THEN list_transform(list_zip(${lists.map(({ sql }) => sql).join(", ")}), lambda "item": row(${lists.map((_, index) => `struct_extract("item", ${index + 1})`).join(", ")})) END`,
      type: arrayOf({ kind: "row", fields: lists.map((list) => ({ name: "", type: element(list.type) })) }),
    }),
  },
  {
    name: "array_join",
    kind: "scalar",
    arity: [2, 3],
    emit: ([list, by, empty]) => {
      const item = asText({ sql: '"item"', type: element(list?.type) });
      const filled = empty === undefined ? item : `coalesce(${item}, ${empty.sql})`;
      const texts = `list_transform(${list?.sql}, lambda "item": ${filled})`;
      return {
        sql:
          by?.text === undefined
            ? `coalesce(list_reduce(list_filter(${texts}, lambda "item": "item" IS NOT NULL), lambda "a0", "b0": "a0" || ${by?.sql} || "b0", NULL), CASE WHEN ${list?.sql} IS NOT NULL THEN '' END)`
            : `array_to_string(${texts}, ${by.sql})`,
        type: varchar,
      };
    },
  },
  // In the order of first appearance, as Trino answers; list_distinct has no order.
  scalar("array_distinct", 1, same, distinct),
  {
    name: "array_sort",
    kind: "scalar",
    arity: [1, 2],
    lambdas: [1],
    emit: (args, context) => {
      const list = args[0] ?? nullValue;
      if (args.length === 1) return { sql: `list_sort(${list.sql}, 'ASC', 'NULLS LAST')`, type: list.type };
      // By the number of items that come before each.
      const [item, at, before] = [context.fresh(), context.fresh(), context.fresh()];
      const type = element(list.type);
      const body = context.lambda(1, [
        { sql: before, type },
        { sql: item, type },
      ]);
      const ranked = (whole: string): string =>
        `list_transform(${whole}, lambda ${item}, ${at}: {'rank': len(list_filter(${whole}, lambda ${before}: ${body.sql} < 0)), 'at': ${at}, 'item': ${item}})`;
      return {
        sql: letIn(
          [list.sql],
          (whole) => `list_transform(list_sort(${ranked(whole)}), lambda ${item}: struct_extract(${item}, 'item'))`,
        ),
        type: list.type,
      };
    },
  },
  ...["max", "min"].map((name) =>
    scalar(
      `array_${name}`,
      1,
      (args) => element(args[0]?.type),
      (list) => letIn([list], (whole) => `CASE WHEN ${noNull(whole)} THEN list_${name}(${whole}) END`),
    ),
  ),
  scalar(
    "shuffle",
    1,
    same,
    (list) =>
      `list_transform(list_sort(list_transform(${list}, lambda "item": {'by': random(), 'item': "item"})), lambda "item": struct_extract("item", 'item'))`,
  ),
  scalar("array_position", 2, bigint, (list, item) =>
    letIn(
      [list, item],
      (whole, value) =>
        `CASE WHEN ${whole} IS NOT NULL AND ${value} IS NOT NULL THEN CAST(coalesce(list_position(${whole}, ${value}), 0) AS BIGINT) END`,
    ),
  ),
  scalar("array_remove", 2, same, (list, item) =>
    letIn(
      [list, item],
      (whole, value) =>
        `CASE WHEN ${value} IS NOT NULL THEN list_filter(${whole}, lambda "item": "item" IS NULL OR "item" <> ${value}) END`,
    ),
  ),
  ofTwo("array_union", (left, right) => distinct(`list_concat(${left}, ${right})`)),
  ofTwo("array_intersect", (left, right) => among(left, right, true)),
  // What is left of nothing taken away, Trino answers as it is.
  ofTwo(
    "array_except",
    (left, right) => `CASE WHEN len(${right}) = 0 THEN ${left} ELSE ${among(left, right, false)} END`,
  ),
  scalar("arrays_overlap", 2, boolean, (left, right) =>
    letIn(
      [left, right],
      (a, b) =>
        `CASE WHEN list_has_any(${a}, ${b}) THEN true WHEN ${noNull(a)} AND ${noNull(b)} THEN list_has_any(${a}, ${b}) END`,
    ),
  ),
  scalar("slice", 3, same, (list, from, length) =>
    letIn([list, from, length], (whole, start, size) => {
      const begin = `CASE WHEN ${start} < 0 THEN len(${whole}) + ${start} + 1 ELSE ${start} END`;
      const checked = `CASE WHEN ${start} = 0 OR ${size} < 0 THEN ${failing("slice")} ELSE ${begin} END`;
      return `CASE WHEN ${checked} > 0 THEN list_slice(${whole}, ${begin}, ${begin} + ${size} - 1) WHEN ${checked} IS NOT NULL THEN list_slice(${whole}, 1, 0) END`;
    }),
  ),
  {
    name: "sequence",
    kind: "scalar",
    arity: [2, 3],
    emit: ([from, to, step], context) => {
      const type = from?.type ?? bigint;
      if (isTemporal(type)) {
        if (step === undefined && type.kind !== "date")
          return context.fail("a sequence of timestamps needs a step, an interval");
        const sql = letIn([from?.sql ?? "", to?.sql ?? "", step?.sql ?? "to_days(1)"], (a, b, by) => {
          const count = `(epoch_us(${b}) - epoch_us(${a})) / nullif(epoch_us(${by}), 0)`;
          const end = `CASE WHEN ${count} > 100000 THEN CAST(CAST(${failing("sequence")} AS VARCHAR) AS ${duckdbType(type)}) ELSE ${b} END`;
          if (step?.type.kind !== "months")
            return `list_transform(generate_series(${a}, ${end}, ${by}), lambda "item": CAST("item" AS ${duckdbType(type)}))`;
          // Months are counted from the start: of the 31st, each is the last day.
          const items = `list_transform(range(0, CAST(trunc((epoch_us(${end}) - epoch_us(${a})) / nullif(epoch_us(${by}), 0)) AS BIGINT) + 3), lambda "item": CAST(${a} + to_months(CAST("item" * (epoch_us(${by}) // 2592000000000) AS INTEGER)) AS ${duckdbType(type)}))`;
          return `list_filter(${items}, lambda "item": CASE WHEN epoch_us(${by}) > 0 THEN "item" <= ${b} ELSE "item" >= ${b} END)`;
        });
        return { sql, type: arrayOf(type) };
      }
      const sql = letIn(
        [from?.sql ?? "", to?.sql ?? "", step?.sql ?? `CASE WHEN (${from?.sql}) <= (${to?.sql}) THEN 1 ELSE -1 END`],
        (a, b, by) =>
          `generate_series(CAST(${a} AS BIGINT), CAST(CASE WHEN abs((${b} - ${a}) // ${by}) > 100000 THEN ${failing("sequence")} ELSE ${b} END AS BIGINT), CAST(${by} AS BIGINT))`,
      );
      return { sql, type: arrayOf(type) };
    },
  },
  scalar(
    "repeat",
    2,
    (args) => arrayOf(args[0]?.type ?? unknownType),
    (item, times) => `list_transform(range(${atMost(10_000, times, "repeat")}), lambda "item": ${item})`,
  ),
  scalar("flatten", 1, (args) => element(args[0]?.type), call("flatten")),
];
