import type { Expression } from "./ast.ts";
import type { StoreUse } from "./emission.ts";
import { Scope } from "./scope.ts";
import { parseTime } from "./time-text.ts";

/** Notes the bounds that a WHERE clause sets on a store's eventTime with literals: files outside them need not be read. */
export function gatherTimeBounds(where: Expression, scope: Scope, uses: StoreUse[]): void {
  // Only the query's own relations: a condition inside EXISTS says nothing about the rows of the query around it.
  gather(where, new Scope(scope.relations), uses);
}

function gather(where: Expression, scope: Scope, uses: StoreUse[]): void {
  if (where.kind === "logic") {
    if (where.op === "AND") for (const term of where.terms) gather(term, scope, uses);
    return;
  }
  if (where.kind === "between" && !where.negated) {
    note(where.of, ">=", where.low, scope, uses);
    note(where.of, "<=", where.high, scope, uses);
  } else if (where.kind === "compare" && where.op !== "<>") {
    note(where.left, where.op, where.right, scope, uses);
    note(where.right, mirrored[where.op], where.left, scope, uses);
  }
}

const mirrored = { "=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

function note(column: Expression, op: string, bound: Expression, scope: Scope, uses: StoreUse[]): void {
  if (column.kind !== "name" || (bound.kind !== "string" && bound.kind !== "typed")) return;
  const found = scope.resolve(column.parts);
  const use = typeof found === "string" || found.timeOf === undefined ? undefined : uses[found.timeOf];
  const micros = parseTime(bound.value);
  if (use === undefined || micros === undefined) return;
  // Whole milliseconds around the bound: a file kept too many is only slower.
  const low = Number(micros / 1000n) - 1;
  if (op !== "<" && op !== "<=") use.notBefore = Math.max(use.notBefore ?? -Infinity, low);
  if (op !== ">" && op !== ">=") use.notAfter = Math.min(use.notAfter ?? Infinity, low + 2);
}
