import { expect, test } from "vitest";
import { shipperReport } from "./shipper-subject.ts";

test("the reference shipper meets every clause", async () => {
  const report = await shipperReport();
  const missed = report.results.filter(({ status }) => status !== "pass");
  expect(
    missed.map(({ clause, status, note, expected, got }) => ({ id: clause.id, status, note, expected, got })),
  ).toEqual([]);
  expect(report.results.length).toBeGreaterThan(25);
});
