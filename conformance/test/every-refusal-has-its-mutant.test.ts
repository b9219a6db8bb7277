import { expect, test } from "vitest";
import { mutants, type Rules, rules } from "../src/index.ts";
import { refusalsWithoutMutant } from "../src/reference/cannot-be-mutated.ts";

/** By reason, of each plane's operations: both may know a reason by the same words. */
const planes: readonly ((rules: Rules) => Readonly<Record<string, string | undefined>>)[] = [
  ({ control }) => control.refusals,
  ({ query }) => query.refusals,
];

test("every refusal of the reference lake is left out, or called otherwise, by a mutant, or a reason says why none is", () => {
  const untouched = planes.flatMap((refusalsOf) => {
    const healthy = refusalsOf(rules);
    const changed = mutants.map(({ change }) => refusalsOf(change(rules)));
    return Object.keys(healthy).filter((reason) => changed.every((one) => one[reason] === healthy[reason]));
  });
  expect(untouched.toSorted()).toEqual(Object.keys(refusalsWithoutMutant).toSorted());
});
