import { expect, test } from "vitest";
import { cannotBeMutated, ingestChecks, judgeMutant, mutants, rules } from "../src/index.ts";
import { ingestReport } from "../test/ingest-subject.ts";

const proven = new Set<string>();

test.each(mutants)("$name", async (mutant) => {
  const report = await ingestReport(mutant.change(rules));
  const failed = report.results.filter(({ status }) => status !== "pass").map(({ clause }) => clause.id);
  expect(judgeMutant(mutant, failed)).toEqual({ survived: false, unnamed: [], missed: [] });
  if (!mutant.kills.includes("*")) for (const id of failed) proven.add(id);
});

test("each check is proven by a mutant that leaves the rest of the profile standing", () => {
  expect(ingestChecks.map(({ clause }) => clause).filter((id) => !proven.has(id))).toEqual(
    Object.keys(cannotBeMutated),
  );
});
