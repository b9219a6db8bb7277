import { expect, test, vi } from "vitest";
import { checkScripts } from "../test/simulation/check-scripts.ts";

const runs = Number(process.env["TRIBUTARY_RUNS"] ?? 2000);
const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
// However many are asked for: a run that ends for want of time says nothing of its seed.
vi.setConfig({ testTimeout: 300_000 + runs * 200 });

test("thousands of scripts: each record has one end in each destination, and the sum holds", async () => {
  const { report, failed, ...sum } = await checkScripts({ runs, seed, path: process.env["TRIBUTARY_PATH"] });
  console.log(`TRIBUTARY_SEED=${seed}: ${JSON.stringify(sum)}`);
  expect(failed ? report : "").toBe("");
});
