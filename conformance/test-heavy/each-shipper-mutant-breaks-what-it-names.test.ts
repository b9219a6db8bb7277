import { expect, test } from "vitest";
import { judgeMutant, shipperChecks, shipperMutants, shipperRules } from "../src/index.ts";
import { shipperReport } from "../test/shipper-subject.ts";

const proven = new Set<string>();

// Most of the time they wait.
test.concurrent.each(shipperMutants)("$name", async (mutant) => {
  const report = await shipperReport({ ...shipperRules, ...mutant.change }, mutant.within);
  const failed = report.results.filter(({ status }) => status !== "pass").map(({ clause }) => clause.id);
  expect(judgeMutant(mutant, failed)).toEqual({ survived: false, unnamed: [], missed: [] });
  for (const id of failed) proven.add(id);
});

test("each check is proven by a mutant", () => {
  expect(shipperChecks.map(({ clause }) => clause).filter((id) => !proven.has(id))).toEqual([]);
});
