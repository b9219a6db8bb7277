import { expect, test } from "vitest";
import { totals } from "../src/index.ts";
import { ingestReport } from "./ingest-subject.ts";

test("the reference lake meets every clause of ingest, also those that are our reading", async () => {
  const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
  console.log(`seed ${seed}`);
  const report = await ingestReport(undefined, seed);
  const missed = report.results.filter(({ status }) => status !== "pass");
  expect(
    missed.map(({ clause, status, note, expected, got }) => ({ id: clause.id, status, note, expected, got })),
  ).toEqual([]);
  expect(totals(report).pass).toBeGreaterThan(100);
});
