import { expect, test } from "vitest";
import { cannotBeMutated, judgeMutant, mutants, rules } from "../src/index.ts";
import { profileOf, referenceProfiles, referenceReport } from "./reference-report.ts";

/** A lake that answers nearly nothing is found by whatever comes first. */
const anything = ["ingest/channel", "ingest/response", "ingest/event/"];
const proven = new Set<string>();

test.each(mutants)("$name", async (mutant) => {
  const isGross = mutant.kills.includes("*");
  const parts = isGross ? anything : mutant.kills.map((part) => part.replace(/\?$/, ""));
  const report = await referenceReport(profileOf(mutant.kills), mutant.change(rules), { parts });
  const failed = report.results.filter(({ status }) => status !== "pass").map(({ clause }) => clause.id);
  expect(judgeMutant(mutant, failed)).toEqual({ survived: false, unnamed: [], missed: [] });
  if (!isGross) for (const id of failed) proven.add(id);
});

test("each check is proven by a mutant that does not break the whole profile", () => {
  const checks = Object.values(referenceProfiles).flatMap((profile) => profile.map(({ clause }) => clause));
  expect(checks.filter((id) => !proven.has(id))).toEqual(checks.filter((id) => Object.hasOwn(cannotBeMutated, id)));
});
