import { expect, test, vi } from "vitest";
import { checkScripts } from "./simulation/check-scripts.ts";
import { keptScripts } from "./simulation/kept-scripts.ts";
import { play } from "./simulation/play.ts";
import { inTurns } from "./simulation/turns.ts";

const runs = Number(process.env["TRIBUTARY_RUNS"] ?? 2000);
const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
// However many are asked for: a run that ends for want of time says nothing of its seed.
vi.setConfig({ testTimeout: 300_000 + runs * 200 });

test("any script of pushes, pages, refusals, replays, reloads, deaths and stops: each record has one end in each destination, and the sum holds", async () => {
  const { report, failed, ...sum } = await checkScripts({ runs, seed, path: process.env["TRIBUTARY_PATH"] });
  console.log(`TRIBUTARY_SEED=${seed}: ${JSON.stringify(sum)}`);
  expect(failed ? report : "").toBe("");
});

test("a seed plays the same scripts to the same end", async () => {
  const first = await checkScripts({ runs: 60, seed });
  expect(await checkScripts({ runs: 60, seed })).toEqual(first);
});

test.for(Object.entries(keptScripts))("found once: %s", async ([, script]) => {
  await expect(inTurns(() => play(script))).resolves.toBeDefined();
});
