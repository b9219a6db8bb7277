import * as fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../src/index.ts";

/** The text that ids of content were made of before it was written in one call. */
function canonical(one: unknown): string {
  if (Array.isArray(one)) return `[${one.map(canonical).join(",")}]`;
  if (typeof one !== "object" || one === null) return JSON.stringify(one ?? null);
  const object = one as Readonly<Record<string, unknown>>;
  const all = Object.keys(object)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonical(object[name])}`);
  return `{${all.join(",")}}`;
}

test("canonical JSON is the same, written member by member or at once, also of what is no JSON", () => {
  const odd = fc.constantFrom(undefined, Number.NaN, new Date(0), new Map(), { toJSON: () => 1 });
  const names = fc.oneof(fc.constantFrom("__proto__", "10", "9", "b", "a", "\ud800", "B", "", "é"), fc.string());
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.oneof({ weight: 9, arbitrary: fc.jsonValue({ maxDepth: 1 }) }, { weight: 1, arbitrary: odd }),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.array(fc.tuple(names, tie("any")), { maxLength: 6 }).map((all) => Object.fromEntries(all)),
    ),
  }));
  fc.assert(
    fc.property(any, (one) => {
      expect(canonicalJson(one)).toBe(canonical(one));
    }),
    { numRuns: 3000 },
  );
});
