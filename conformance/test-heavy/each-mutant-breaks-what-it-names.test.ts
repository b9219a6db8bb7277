import { expect, test } from "vitest";
import { cannotBeMutated, judgeMutant, mutants, rules } from "../src/index.ts";
import { profileOf, referenceProfiles, referenceReport } from "../test/reference-report.ts";

const proven = new Set<string>();

test.each(mutants)("$name", async (mutant) => {
  const report = await referenceReport(profileOf(mutant.kills), mutant.change(rules));
  const failed = report.results.filter(({ status }) => status !== "pass").map(({ clause }) => clause.id);
  expect(judgeMutant(mutant, failed)).toEqual({ survived: false, unnamed: [], missed: [] });
  if (!mutant.kills.includes("*")) for (const id of failed) proven.add(id);
});

test("each check is proven by a mutant that leaves the rest of the profile standing", () => {
  const checks = Object.values(referenceProfiles).flatMap((all) => all.map(({ clause }) => clause));
  expect(checks.filter((id) => !proven.has(id))).toEqual(Object.keys(cannotBeMutated));
});
