import { expect, test } from "vitest";
import type { FileRecord } from "../src/catalog/store-catalog.ts";
import { scanPlan } from "../src/query/scan-plan.ts";

const dayMs = 86_400_000;
const now = Date.UTC(2026, 2, 10, 12);
const storeId = "5a1e0000-0000-4000-8000-000000000001";

/** A file of the events from one day back to another, both before `now`. */
const file = (from: number, to: number): FileRecord => ({
  path: `${from}-${to}`,
  storeId,
  eventDay: "2026-03-01",
  rows: 1,
  bytes: 1,
  sha256: "",
  minEventId: "a",
  maxEventId: "b",
  minEventTime: now - from * dayMs,
  maxEventTime: now - to * dayMs,
});
const plan = (files: readonly FileRecord[], bounds?: { notBefore?: number; notAfter?: number }) =>
  scanPlan(
    { timeBounds: new Map(bounds === undefined ? [] : [[storeId, bounds]]) },
    [{ storeId, version: 1, contentVersion: 1, files }],
    () => 7,
    now,
  )[0];

test("files beyond the retention are not read, and one that reaches beyond it is read to its bound", () => {
  const scan = plan([file(9, 8), file(8, 6), file(2, 1)]);
  expect(scan?.files.map(({ path }) => path)).toEqual(["8-6", "2-1"]);
  expect(scan?.notBefore).toBe(now - 7 * dayMs);
});

test("where every file is within the retention no time is compared", () => {
  expect(plan([file(9, 8), file(7, 6), file(2, 1)])).toMatchObject({
    files: [{ path: "7-6" }, { path: "2-1" }],
    notBefore: undefined,
  });
});

test("the statement's own bounds choose files too", () => {
  const scan = plan([file(6, 5), file(4, 3), file(2, 1)], { notBefore: now - 4 * dayMs, notAfter: now - 2.5 * dayMs });
  expect(scan?.files.map(({ path }) => path)).toEqual(["4-3"]);
});
