import type { Expression, FunctionCall, SortItem } from "./ast.ts";
import type { Emission } from "./emission.ts";
import { comparable } from "./emit-comparison.ts";
import { ignoringNulls } from "./functions/aggregate-functions.ts";
import { functions, supportedFunctions } from "./functions/functions.ts";
import { unsupportedFunctions } from "./functions/unsupported-functions.ts";
import { withoutFailures } from "./functions/failing.ts";
import { partsOf } from "./expression-parts.ts";
import { nearest } from "./nearest.ts";
import { argumentFault } from "./functions/argument-kinds.ts";
import type { CallContext, FunctionRow } from "./functions/function-row.ts";
import { assertNoNesting, hasAggregate, hasWindow } from "./grouping-check.ts";
import { coerced, sharedType, truth } from "./shared-type.ts";
import { nullValue, Scope, type Emitted } from "./scope.ts";
import { category } from "./sql-type.ts";

/** A function call; only those of the published list pass. */
export function emitCall(call: FunctionCall, scope: Scope, emission: Emission): Emitted {
  const row = functions.get(call.name);
  const plain = !call.star && !call.distinct && call.orderBy.length === 0 && call.filter === undefined;
  const alone = plain && !call.ignoreNulls && call.over === undefined;
  if (row === undefined) {
    const special = alone ? specialForm(call, scope, emission) : undefined;
    return special ?? unknownFunction(call, emission);
  }
  if (row.kind === "scalar" && !alone) emission.fail(call.at, `'${call.name}' is not an aggregate function`);
  if (row.kind === "window" && (!plain || call.over === undefined))
    emission.fail(call.at, `'${call.name}' needs OVER (...)`);
  if (row.kind !== "scalar") assertNoNesting(call, emission);
  if (call.star && call.name !== "count") emission.fail(call.at, `'${call.name}' does not take *`);
  if (!call.star) checkArity(call, row, emission);
  const args = call.args.map((arg, index) =>
    row.lambdas?.includes(index) === true ? nullValue : emission.expression(arg, scope),
  );
  const fault = argumentFault(
    call.name,
    args.map((arg) => arg.type),
  );
  if (fault !== undefined) emission.fail(call.at, fault);
  const emitted = row.emit(args, contextOf(call, scope, emission));
  if (row.kind === "scalar") return emitted;
  const sql = decorated(emitted.sql, call, emitted.keep, scope, emission);
  return { sql: emitted.after === undefined ? sql : emitted.after(sql), type: emitted.type };
}

function unknownFunction(call: FunctionCall, emission: Emission): never {
  const name = call.name.slice(0, 60);
  const reason = unsupportedFunctions.get(name);
  if (reason !== undefined) emission.fail(call.at, `function '${name}' is not supported: ${reason}`);
  const near = nearest(name, supportedFunctions);
  return emission.fail(
    call.at,
    `function '${name}' is not supported${near === undefined ? "" : `; did you mean '${near}'?`}`,
  );
}

function checkArity(call: FunctionCall, row: FunctionRow, emission: Emission): void {
  const [least, most] = row.arity;
  const given = call.args.length;
  if (given < least || given > most)
    emission.fail(
      call.at,
      `'${call.name}' takes ${least === most ? least : `${least} to ${most}`} arguments, not ${given}`,
    );
}

function contextOf(call: FunctionCall, scope: Scope, emission: Emission): CallContext {
  return {
    fail: (message) => emission.fail(call.at, message),
    fresh: () => emission.fresh("l"),
    lambda: (index, bindings) => {
      const lambda = call.args[index];
      if (lambda?.kind !== "lambda")
        return emission.fail(lambda?.at ?? call.at, `argument ${index + 1} of '${call.name}' must be a lambda`);
      if (lambda.params.length !== bindings.length)
        emission.fail(lambda.at, `this lambda takes ${bindings.length} parameters, not ${lambda.params.length}`);
      if (hasAggregate(lambda.body)) emission.fail(lambda.at, "a lambda cannot contain aggregations");
      const names = new Map(
        lambda.params.map((param, at): [string, Emitted] => [param.text.toLowerCase(), bindings[at] ?? nullValue]),
      );
      return emission.expression(lambda.body, new Scope([], scope, names));
    },
  };
}

/** DISTINCT and ORDER BY inside the call, FILTER and OVER after it. */
function decorated(
  sql: string,
  call: FunctionCall,
  keep: string | undefined,
  scope: Scope,
  emission: Emission,
): string {
  const open = sql.indexOf("(");
  let inner = call.star ? "*" : sql.slice(open + 1, -1);
  if (call.distinct) {
    if (call.over !== undefined) emission.fail(call.at, "DISTINCT in a window function is not supported");
    inner = `DISTINCT ${inner}`;
  }
  if (call.orderBy.length > 0) inner += ` ORDER BY ${sortList(call.orderBy, scope, emission)}`;
  if (call.ignoreNulls) {
    if (!ignoringNulls.has(call.name)) emission.fail(call.at, `'${call.name}' does not take IGNORE NULLS`);
    inner += " IGNORE NULLS";
  }
  let out = `${sql.slice(0, open)}(${inner})`;
  const conditions = [
    ...(keep === undefined ? [] : [keep]),
    ...(call.filter === undefined
      ? []
      : [truth(emission.expression(call.filter, scope), call.filter.at, "FILTER", emission)]),
  ];
  if (conditions.length > 0) out += ` FILTER (WHERE ${conditions.join(" AND ")})`;
  if (call.over !== undefined) out += ` OVER (${windowText(call.over, scope, emission)})`;
  return out;
}

function windowText(over: NonNullable<FunctionCall["over"]>, scope: Scope, emission: Emission): string {
  const clauses: string[] = [];
  if (over.partitionBy.length > 0)
    clauses.push(`PARTITION BY ${over.partitionBy.map((item) => emission.expression(item, scope).sql).join(", ")}`);
  if (over.orderBy.length > 0) clauses.push(`ORDER BY ${sortList(over.orderBy, scope, emission)}`);
  if (over.frame !== undefined) {
    const { unit, start, end } = over.frame;
    const [sort] = over.orderBy;
    const offset = start.offset ?? end?.offset;
    if (unit === "RANGE" && offset !== undefined && sort !== undefined) {
      const { type } = emission.expression(sort.of, scope);
      if (over.orderBy.length > 1 || !["number", "temporal"].includes(category(type)))
        emission.fail(offset.at, "RANGE with a distance takes one ORDER BY of a number or a time; use ROWS");
    }
    const bound = (of: typeof start): string =>
      of.offset === undefined ? of.kind : `${emission.expression(of.offset, scope).sql} ${of.kind}`;
    clauses.push(end === undefined ? `${unit} ${bound(start)}` : `${unit} BETWEEN ${bound(start)} AND ${bound(end)}`);
  }
  return clauses.join(" ");
}

export const direction = (item: SortItem): string =>
  `${item.descending ? "DESC" : "ASC"} NULLS ${item.nullsFirst ? "FIRST" : "LAST"}`;

function sortList(items: readonly SortItem[], scope: Scope, emission: Emission): string {
  // A bare number would be read as a column's position by the engine.
  return items.map((item) => `(${emission.expression(item.of, scope).sql}) ${direction(item)}`).join(", ");
}

/**
 * TRY of an expression in a lambda: out of any other place the engine takes what is written twice, and it fails the query there. An
 * aggregate cannot be in TRY at all: what fails by our own expressions, as a division does, is null.
 */
const tried = (sql: string, aggregated: boolean, emission: Emission): string =>
  aggregated
    ? withoutFailures(sql)
    : `TRY(list_extract(list_transform([0], lambda ${emission.fresh("l")}: ${sql}), 1))`;

const hasQuery = (expression: Expression): boolean =>
  ["query", "exists", "inQuery", "compareQuery"].includes(expression.kind) || partsOf(expression).some(hasQuery);

function specialForm(call: FunctionCall, scope: Scope, emission: Emission): Emitted | undefined {
  const emit = (arg: Expression): Emitted => emission.expression(arg, scope);
  const args = call.args.map(emit);
  const [a, b, c] = args;
  const sharing = (
    values: readonly Emitted[],
    what: string,
    template: (...sql: readonly string[]) => string,
  ): Emitted => {
    const type = sharedType(
      values.map((value) => value.type),
      call.at,
      what,
      emission,
    );
    return { sql: template(...values.map((value) => coerced(value, type))), type };
  };
  switch (call.name) {
    case "coalesce":
      if (args.length === 0) return emission.fail(call.at, "'coalesce' takes at least one argument");
      return sharing(args, "coalesce", (...values) => `coalesce(${values.join(", ")})`);
    case "if":
      if (a === undefined || b === undefined || args.length > 3)
        return emission.fail(call.at, "'if' takes 2 or 3 arguments");
      return sharing(
        c === undefined ? [b] : [b, c],
        "if",
        (then, otherwise) =>
          `CASE WHEN ${truth(a, call.at, "the condition of if", emission)} THEN ${then}${otherwise === undefined ? "" : ` ELSE ${otherwise}`} END`,
      );
    case "nullif": {
      if (a === undefined || b === undefined || args.length > 2)
        return emission.fail(call.at, "'nullif' takes 2 arguments");
      const [left, right] = comparable(a, b, call.at, emission);
      return { sql: `CASE WHEN ${left} = ${right} THEN NULL ELSE ${a.sql} END`, type: a.type };
    }
    case "try":
      if (a === undefined || args.length > 1) return emission.fail(call.at, "'try' takes 1 argument");
      if (hasQuery(call)) emission.fail(call.at, "'try' cannot hold a sub-query; write it inside of the sub-query");
      return { sql: tried(a.sql, hasAggregate(call) || hasWindow(call), emission), type: a.type };
    default:
      return undefined;
  }
}
