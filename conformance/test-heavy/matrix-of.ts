import { expect, test } from "vitest";
import { cannotBeMutated, judgeMutant, mutants, rules } from "../src/index.ts";
import { profileOf, type ReferenceProfile, referenceProfiles, referenceReport } from "../test/reference-report.ts";
import { drawn, seed, share } from "./drawn.ts";

/**
 * The tests of a profile's mutants, each against the whole profile, of which it fails what it names and nothing else: of so many of them as
 * TRIBUTARY_MATRIX_SHARE says, drawn by TRIBUTARY_SEED, which is printed. That each mutant is found at all, and each check proven by one, is
 * held in `test`, for each push; all of them (1) prove besides that each check is proven by one that leaves the rest standing.
 */
export function matrixOf(profile: ReferenceProfile): void {
  const own = mutants.filter(({ kills }) => profileOf(kills) === profile);
  const byDraw = own.toSorted((a, b) => drawn(a.name) - drawn(b.name));
  // One at the least.
  const chosen = byDraw.filter(({ name }, at) => at === 0 || drawn(name) < share);
  const proven = new Set<string>();
  console.log(`matrix of ${profile}: ${chosen.length} of ${own.length} mutants, TRIBUTARY_SEED=${seed}`);

  test.each(chosen)("$name", async (mutant) => {
    const report = await referenceReport(profile, mutant.change(rules));
    const failed = report.results.filter(({ status }) => status !== "pass").map(({ clause }) => clause.id);
    expect(judgeMutant(mutant, failed)).toEqual({ survived: false, unnamed: [], missed: [] });
    if (!mutant.kills.includes("*")) for (const id of failed) proven.add(id);
  });

  test.runIf(chosen.length === own.length)(
    "each check is proven by a mutant that leaves the rest of the profile standing",
    () => {
      const checks = referenceProfiles[profile].map(({ clause }) => clause);
      expect(checks.filter((id) => !proven.has(id))).toEqual(checks.filter((id) => Object.hasOwn(cannotBeMutated, id)));
    },
  );
}
