import { expect, test } from "vitest";
import { referenceProfiles, referenceReport, type ReferenceProfile } from "./reference-report.ts";

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- keys of it
test.each(Object.keys(referenceProfiles) as ReferenceProfile[])(
  "the reference lake meets every clause of %s, also those that are our reading",
  async (profile) => {
    const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
    console.log(`seed ${seed}`);
    const report = await referenceReport(profile, undefined, { seed });
    const missed = report.results.filter(({ status }) => status !== "pass");
    expect(
      missed.map(({ clause, status, note, expected, got }) => ({ id: clause.id, status, note, expected, got })),
    ).toEqual([]);
    expect(report.results).toHaveLength(referenceProfiles[profile].length);
  },
);
