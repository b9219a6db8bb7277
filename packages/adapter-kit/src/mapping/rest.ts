import type { JsonObject } from "../contract/json.ts";
import { pointerSegments } from "../json-pointer.ts";
import { isObject, setOwn } from "../own-property.ts";
import type { Draft } from "../own-property.ts";

/** What was taken below a member: all of it, or some of its own members. */
export type Taken = Map<string, Taken | true>;

/** Notes that `path` is taken, with all below it. */
export function markTaken(taken: Taken, path: readonly (string | number)[]): void {
  let level = taken;
  const last = path.length - 1;
  for (let index = 0; index < last; index += 1) {
    const key = String(path[index]);
    const below = level.get(key);
    if (below === true) return;
    if (below !== undefined) level = below;
    else {
      const next: Taken = new Map();
      level.set(key, next);
      level = next;
    }
  }
  if (last >= 0) level.set(String(path[last]), true);
}

/**
 * Every leaf of `record` that was not taken, each at its own path; undefined when none is left. An object that only
 * taking emptied goes; one that was empty stays. An array of which some part was taken stays whole, since its other
 * elements would lose their indices. Nulls and empty strings are leaves.
 * @param taken JSON pointers of members the mapping has put elsewhere, each with all below it.
 */
export function rest(record: unknown, taken: readonly string[] | Taken): JsonObject | undefined {
  let tree: Taken;
  if (taken instanceof Map) tree = taken;
  else {
    tree = new Map();
    for (const pointer of taken) markTaken(tree, pointerSegments(pointer));
  }
  return isObject(record) ? without(record, tree) : undefined;
}

function without(record: JsonObject, taken: Taken): JsonObject | undefined {
  const left: Draft = {};
  let some = false;
  for (const key of Object.keys(record)) {
    const value = record[key]!;
    const below = taken.get(key);
    if (below === true) continue;
    if (below !== undefined && isObject(value)) {
      const inner = without(value, below);
      if (inner === undefined) continue;
      setOwn(left, key, inner);
    } else setOwn(left, key, value);
    some = true;
  }
  return some ? left : undefined;
}
