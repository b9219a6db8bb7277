import type { JsonObject } from "../contract/json.ts";
import { pointerSegments } from "../json-pointer.ts";
import { isObject, setOwn } from "../own-property.ts";
import type { Draft } from "../own-property.ts";
import { Taken } from "./taken.ts";

/**
 * Every leaf of `record` that was not taken, each at its own path; undefined when none is left. An object that only
 * taking emptied goes; one that was empty stays. An array of which some part was taken stays whole, since its other
 * elements would lose their indices. Nulls and empty strings are leaves.
 * @param taken JSON pointers of members the mapping has put elsewhere, each with all below it.
 */
export function rest(record: unknown, taken: readonly string[] | Taken): JsonObject | undefined {
  let tree: Taken;
  if (taken instanceof Taken) tree = taken;
  else {
    tree = new Taken();
    for (const pointer of taken) tree.add(pointerSegments(pointer));
  }
  return isObject(record) ? without(record, tree) : undefined;
}

function without(record: JsonObject, taken: Taken): JsonObject | undefined {
  const left: Draft = {};
  let some = false;
  // A loop with `in` asks again for each key of an object with hundreds of them, as rows of wide tables are.
  for (const key of Object.keys(record)) {
    const below = taken.at(key);
    if (below === true) continue;
    const value = record[key]!;
    if (below !== undefined && isObject(value)) {
      const inner = without(value, below);
      if (inner === undefined) continue;
      setOwn(left, key, inner);
    } else setOwn(left, key, value);
    some = true;
  }
  return some ? left : undefined;
}
