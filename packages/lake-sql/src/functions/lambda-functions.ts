import { nullValue, type Emitted } from "../scope.ts";
import { arrayOf, boolean, commonType, duckdbType, typeName, type SqlType } from "../sql-type.ts";
import { letIn, type CallContext, type FunctionRow } from "./function-row.ts";
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
      const start = given ?? nullValue;
      // The state has the type of the start, or a wider one that the step makes of it.
      let folding = foldOf(element(of.type), start.type, context);
      let step = context.lambda(2, [folding.state, folding.item]);
      const wider = commonType([start.type, step.type]);
      if (typeName(wider) !== typeName(start.type)) {
        folding = foldOf(element(of.type), wider, context);
        step = context.lambda(2, [folding.state, folding.item]);
      }
      const last = { sql: context.fresh(), type: wider };
      const finish = context.lambda(3, [last]);
      return {
        sql: `list_extract(list_transform([${folding.sql(of.sql, start.sql, step.sql)}], lambda ${last.sql}: ${finish.sql}), 1)`,
        type: finish.type,
      };
    },
  },
];

/** What a step calls the state and the item, and the fold of a list from a start by a step. */
interface Fold {
  readonly state: Emitted;
  readonly item: Emitted;
  readonly sql: (list: string, start: string, step: string) => string;
}

/** The engine folds items of the state's own type alone: any other ones are carried beside a state. */
function foldOf(item: SqlType, state: SqlType, context: CallContext): Fold {
  const [before, next] = [context.fresh(), context.fresh()];
  if (item.kind === "unknown" || state.kind === "unknown" || typeName(item) === typeName(state))
    return {
      state: { sql: before, type: state },
      item: { sql: next, type: item },
      sql: (list, start, step) => `list_reduce(${list}, lambda ${before}, ${next}: ${step}, ${start})`,
    };
  const pair = (s: string, x: string): string =>
    `{'s': CAST(${s} AS ${duckdbType(state)}), 'x': CAST(${x} AS ${duckdbType(item)})}`;
  return {
    state: { sql: `struct_extract(${before}, 's')`, type: state },
    item: { sql: `struct_extract(${next}, 'x')`, type: item },
    sql: (list, start, step) =>
      `struct_extract(list_reduce(list_transform(${list}, lambda ${next}: ${pair("NULL", next)}), lambda ${before}, ${next}: ${pair(step, "NULL")}, ${pair(start, "NULL")}), 's')`,
  };
}
