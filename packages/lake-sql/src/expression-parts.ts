import type { Expression } from "./ast.ts";

/** The expressions that an expression is made of; those of its sub-queries are their own. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "null":
    case "boolean":
    case "string":
    case "number":
    case "typed":
    case "interval":
    case "now":
    case "name":
    case "exists":
    case "query":
      return [];
    case "field":
    case "negate":
    case "not":
    case "isNull":
    case "cast":
    case "extract":
    case "inQuery":
      return [expression.of];
    case "subscript":
      return [expression.of, expression.index];
    case "binary":
    case "compare":
    case "distinct":
      return [expression.left, expression.right];
    case "compareQuery":
      return [expression.left];
    case "logic":
      return expression.terms;
    case "between":
      return [expression.of, expression.low, expression.high];
    case "like":
      return [expression.of, expression.pattern, ...optional(expression.escape)];
    case "in":
      return [expression.of, ...expression.list];
    case "case":
      return [
        ...optional(expression.of),
        ...expression.whens.flatMap(({ condition, result }) => [condition, result]),
        ...optional(expression.otherwise),
      ];
    case "atTimeZone":
      return [expression.of, expression.zone];
    case "jsonPath":
      return [expression.of, ...optional(expression.onEmpty.value), ...optional(expression.onError.value)];
    case "jsonObject":
      return expression.members.flatMap(({ key, value }) => [key, value]);
    case "jsonArray":
      return expression.items.map(({ value }) => value);
    case "array":
    case "row":
      return expression.items;
    case "lambda":
      return [expression.body];
    case "call":
      return [
        ...expression.args,
        ...expression.orderBy.map((item) => item.of),
        ...optional(expression.filter),
        ...(expression.over?.partitionBy ?? []),
        ...(expression.over?.orderBy ?? []).map((item) => item.of),
      ];
  }
  return [];
}

const optional = (expression: Expression | undefined): readonly Expression[] =>
  expression === undefined ? [] : [expression];

/** Equal for expressions that are written alike, wherever they stand and in whatever case their names are. */
export function writtenKey(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) =>
    key === "at" || key === "pathAt"
      ? undefined
      : key === "text" && typeof value === "string"
        ? value.toLowerCase()
        : value,
  );
}
