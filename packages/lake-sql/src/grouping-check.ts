import type { Expression, FunctionCall } from "./ast.ts";
import type { Emission } from "./emission.ts";
import { partsOf, writtenKey } from "./expression-parts.ts";
import { functions } from "./functions/functions.ts";
import { Scope } from "./scope.ts";

const isAggregate = (expression: Expression): boolean =>
  expression.kind === "call" && expression.over === undefined && functions.get(expression.name)?.kind === "aggregate";

export function hasAggregate(expression: Expression): boolean {
  return isAggregate(expression) || partsOf(expression).some(hasAggregate);
}

const isWindow = (expression: Expression): boolean => expression.kind === "call" && expression.over !== undefined;

export function hasWindow(expression: Expression): boolean {
  return isWindow(expression) || partsOf(expression).some(hasWindow);
}

/** Refuses aggregates and window functions in a clause that is taken before there are any. */
export function assertPlain(expression: Expression, clause: string, emission: Emission): void {
  if (hasAggregate(expression)) emission.fail(expression.at, `${clause} clause cannot contain aggregations`);
  if (hasWindow(expression)) emission.fail(expression.at, `${clause} clause cannot contain window functions`);
}

/** Refuses an aggregate of an aggregate, and a window function inside of either. */
export function assertNoNesting(call: FunctionCall, emission: Emission): void {
  for (const part of partsOf(call)) {
    if (call.over === undefined && hasAggregate(part))
      emission.fail(part.at, `'${call.name}' cannot aggregate an aggregate; use a sub-query`);
    if (hasWindow(part)) emission.fail(part.at, `'${call.name}' cannot contain a window function; use a sub-query`);
  }
}

/** What a query groups by: expressions as they are written and as they are emitted. */
export interface Groups {
  readonly written: ReadonlySet<string>;
  readonly emitted: ReadonlySet<string>;
}

/** Refuses an expression of a grouped query that uses a column neither grouped nor aggregated, as Trino does, by its name. */
export function assertGrouped(expression: Expression, groups: Groups, scope: Scope, emission: Emission): void {
  const own = new Scope(scope.relations);
  const check = (part: Expression, bound: ReadonlySet<string>): void => {
    if (isAggregate(part) || groups.written.has(writtenKey(part))) return;
    if (part.kind === "name") {
      if (bound.has(part.parts[0]?.text.toLowerCase() ?? "")) return;
      const found = part.parts.map((_, index) => own.resolve(part.parts.slice(0, index + 1)));
      const column = found.at(-1);
      // A column of a query around this one is one value here; a field of what is grouped is grouped.
      if (typeof column !== "object") return;
      if (found.some((prefix) => typeof prefix === "object" && groups.emitted.has(prefix.sql))) return;
      emission.fail(
        part.at,
        `'${part.parts.map(({ text }) => text).join(".")}' must be an aggregate expression or appear in GROUP BY clause`,
      );
    }
    const inner =
      part.kind === "lambda" ? new Set([...bound, ...part.params.map((param) => param.text.toLowerCase())]) : bound;
    for (const child of partsOf(part)) check(child, inner);
  };
  check(expression, new Set());
}
