import * as fc from "fast-check";
import type { Json } from "../contract/json.ts";
import { getOwn, isObject } from "../own-property.ts";
import { anyJson } from "./any-json.ts";
import { withoutValue, withValue } from "./leaves.ts";

/** Values of every type, with those that tend to break mappings. */
const surprise = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e21,
    "",
    " ",
    "0",
    "null",
    "n/a",
    "000.000.00.000",
    "\ud800",
    {},
    [],
    [null],
    { length: 1 },
  ),
  fc.constant<Json>("x".repeat(2000)),
  fc.constant<Json>(Array.from({ length: 20 }).reduce<Json>((inner) => ({ inner }), 1)),
  anyJson,
);

/** One of the records with one to three members changed, removed, or added, at any depth. */
export function mutated(records: readonly Json[]): fc.Arbitrary<Json> {
  const mutation = fc.record({
    at: fc.nat(),
    how: fc.constantFrom("change", "remove", "add"),
    key: fc.string({ maxLength: 8 }),
    value: surprise,
  });
  return fc
    .tuple(fc.constantFrom(...records), fc.array(mutation, { minLength: 1, maxLength: 3 }))
    .map(([record, mutations]) => {
      let changed = record;
      for (const { at, how, key, value } of mutations) {
        const paths = pathsOf(changed);
        if (paths.length === 0) break;
        const path = paths[at % paths.length]!;
        if (how === "change") changed = withValue(changed, path, value);
        else if (how === "remove") changed = withoutValue(changed, path);
        else changed = withValue(changed, [...path.slice(0, -1), key], value);
      }
      return changed;
    });
}

/** The path of every member and element, leaves or not. */
export function pathsOf(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [[...path, key], ...pathsOf(member, [...path, key])]);
}

/** The path of every object, the value itself included. */
export function objectPaths(value: Json): readonly (readonly string[])[] {
  const inner = pathsOf(value).filter((path) => isObject(path.reduce<Json>((at, step) => getOwn(at, step)!, value)));
  return isObject(value) ? [[], ...inner] : inner;
}
