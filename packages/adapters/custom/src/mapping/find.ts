import { valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/**
 * What `visit` makes of the first value, in the order of the record, on a way whose steps `*` stand for any one member or
 * element. Visits each value once at most.
 */
export function find<Result>(
  value: Json | undefined,
  steps: readonly string[],
  visit: (value: Json, path: readonly string[]) => Result | undefined,
  path: readonly string[] = [],
): Result | undefined {
  if (value === undefined) return undefined;
  const step = steps[path.length];
  if (step === undefined) return visit(value, path);
  if (typeof value !== "object" || value === null) return undefined;
  for (const key of step === "*" ? Object.keys(value) : [step]) {
    const found = find(valueAt(value, key), steps, visit, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
