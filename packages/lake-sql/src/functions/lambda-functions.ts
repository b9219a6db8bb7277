import { nullValue, type Emitted } from "../scope.ts";
import { arrayOf, boolean, commonType, duckdbType, typeName, type SqlType } from "../sql-type.ts";
import { letIn, type FunctionRow } from "./function-row.ts";
import { element, noNull } from "./list-sql.ts";

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
    if (name !== "transform" && body.type.kind !== "boolean" && body.type.kind !== "unknown")
      context.fail(`the lambda of '${name}' must answer boolean, not ${typeName(body.type)}`);
    return { sql: template(list.sql, `lambda ${item}: ${body.sql}`), type: type(list.type, body.type) };
  },
});

/** Whether the lambda answers `wanted` for an item; unknown when it does not and answers null for one. */
const found = (list: string, lambda: string, wanted: boolean): string =>
  letIn(
    [`list_transform(${list}, ${lambda})`],
    (answers) =>
      `CASE WHEN ${answers} IS NULL THEN NULL WHEN len(list_filter(${answers}, lambda "item": "item" = ${wanted})) > 0 THEN true WHEN ${noNull(answers)} THEN false END`,
  );

export const lambdaFunctions: readonly FunctionRow[] = [
  {
    name: "zip_with",
    kind: "scalar",
    arity: [3, 3],
    lambdas: [2],
    emit: ([left, right], context) => {
      const item = context.fresh();
      const body = context.lambda(2, [
        { sql: `struct_extract(${item}, 1)`, type: element(left?.type) },
        { sql: `struct_extract(${item}, 2)`, type: element(right?.type) },
      ]);
      return {
        sql: `CASE WHEN (${left?.sql}) IS NOT NULL AND (${right?.sql}) IS NOT NULL THEN list_transform(list_zip(${left?.sql}, ${right?.sql}), lambda ${item}: ${body.sql}) END`,
        type: arrayOf(body.type),
      };
    },
  },
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
    (list, lambda) => found(list, lambda, true),
  ),
  overElements(
    "all_match",
    () => boolean,
    (list, lambda) => `(NOT ${found(list, lambda, false)})`,
  ),
  overElements(
    "none_match",
    () => boolean,
    (list, lambda) => `(NOT ${found(list, lambda, true)})`,
  ),
  {
    name: "reduce",
    kind: "scalar",
    arity: [4, 4],
    lambdas: [2, 3],
    emit: ([list, given], context) => {
      const of = list ?? nullValue;
      const item = { sql: context.fresh(), type: element(of.type) };
      const start = given ?? nullValue;
      // The state has the type of the start, or a wider one that the step makes of it.
      const stateOf = (type: SqlType): Emitted => ({ sql: context.fresh(), type });
      let state = stateOf(start.type);
      let step = context.lambda(2, [state, item]);
      if (typeName(commonType([state.type, step.type])) !== typeName(state.type)) {
        state = stateOf(commonType([state.type, step.type]));
        step = context.lambda(2, [state, item]);
      }
      const last = stateOf(state.type);
      const finish = context.lambda(3, [last]);
      const folded = fold(of, start, state, item, step, [context.fresh(), context.fresh()]);
      return {
        sql: `list_extract(list_transform([${folded}], lambda ${last.sql}: ${finish.sql}), 1)`,
        type: finish.type,
      };
    },
  },
];

/** The engine folds items of the state's own type alone: any other ones are carried beside a state. */
function fold(
  list: Emitted,
  start: Emitted,
  state: Emitted,
  item: Emitted,
  step: Emitted,
  [before, next]: readonly [string, string],
): string {
  const plain = item.type.kind === "unknown" || state.type.kind === "unknown";
  if (plain || typeName(item.type) === typeName(state.type))
    return `list_reduce(${list.sql}, lambda ${state.sql}, ${item.sql}: ${step.sql}, ${start.sql})`;
  const pair = (s: string, x: string): string =>
    `{'s': CAST(${s} AS ${duckdbType(state.type)}), 'x': CAST(${x} AS ${duckdbType(item.type)})}`;
  const pairs = `list_transform(${list.sql}, lambda ${next}: ${pair("NULL", next)})`;
  const stepped = step.sql
    .replaceAll(state.sql, `struct_extract(${before}, 's')`)
    .replaceAll(item.sql, `struct_extract(${next}, 'x')`);
  return `struct_extract(list_reduce(${pairs}, lambda ${before}, ${next}: ${pair(stepped, "NULL")}, ${pair(start.sql, "NULL")}), 's')`;
}
