import { expect, test } from "vitest";
import { seedFor } from "../src/core/seed-for.ts";
import { cannotBeMutated, judgeMutant, mutants, rules } from "../src/index.ts";
import { profileOf, type ReferenceProfile, referenceProfiles, referenceReport } from "../test/reference-report.ts";

const share = Number(process.env["TRIBUTARY_MATRIX_SHARE"] ?? 0.15);
const seed = Number(process.env["TRIBUTARY_SEED"] ?? Date.now() % 1_000_000);

/**
 * The tests of a profile's mutants: each against the whole profile, of which it fails what it names and nothing else. Of so many of them
 * as TRIBUTARY_MATRIX_SHARE says (1: all, which takes some minutes), drawn by TRIBUTARY_SEED, which is printed; the others are held
 * against what they name alone.
 */
export function matrixOf(profile: ReferenceProfile): void {
  const own = mutants.filter(({ kills }) => profileOf(kills) === profile);
  const proven = new Set<string>();
  if (share < 1) console.log(`matrix of ${profile}: a share of ${share}, TRIBUTARY_SEED=${seed}`);

  test.each(own.map((mutant) => ({ mutant, isWhole: drawn(mutant.name) < share, name: mutant.name })))(
    "$name",
    async ({ mutant, isWhole }) => {
      const parts = mutant.kills.map((part) => part.replace(/\?$/, ""));
      const isGross = mutant.kills.includes("*");
      const report = await referenceReport(profile, mutant.change(rules), isWhole || isGross ? {} : { parts });
      const failed = report.results.filter(({ status }) => status !== "pass").map(({ clause }) => clause.id);
      expect(judgeMutant(mutant, failed)).toEqual({ survived: false, unnamed: [], missed: [] });
      if (!isGross) for (const id of failed) proven.add(id);
    },
  );

  test("each check is proven by a mutant that leaves the rest of the profile standing", () => {
    const checks = referenceProfiles[profile].map(({ clause }) => clause);
    expect(checks.filter((id) => !proven.has(id))).toEqual(checks.filter((id) => Object.hasOwn(cannotBeMutated, id)));
  });
}

/** Below 1, of a mutant. */
const drawn = (name: string): number => (seedFor(seed, name) >>> 0) / 2 ** 32;
