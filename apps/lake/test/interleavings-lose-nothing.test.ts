import { randomInt } from "node:crypto";
import { expect, test } from "vitest";
import { runLake } from "./scheduler/lake-run.ts";
import { type PlantedBug, plantedBugs } from "./scheduler/planted-bugs.ts";
import type { RunCounts } from "./scheduler/surroundings.ts";
import { Violation } from "./scheduler/scheduler.ts";

/** Seeds that find the planted bugs, and those that once failed. */
const kept: readonly number[] = [0, 7, 23];

/** `INTERLEAVINGS_SEED=n` runs that one; `INTERLEAVINGS_RUNS=n` so many from a random one. */
const runs = Number(process.env["INTERLEAVINGS_RUNS"] ?? 60);
const given = process.env["INTERLEAVINGS_SEED"];
const first = randomInt(2 ** 31);
const seeds = given === undefined ? [...kept, ...Array.from({ length: runs }, (_, n) => first + n)] : [Number(given)];

async function run(seed: number, bug?: PlantedBug): Promise<RunCounts> {
  try {
    return await runLake(seed, bug);
  } catch (error) {
    throw error instanceof Violation
      ? new Violation(`seed ${seed}: ${error.message}`)
      : new Error(`seed ${seed}`, { cause: error });
  }
}

test("whatever comes first and whoever sleeps, no promise is broken", { timeout: 120_000 }, async () => {
  const total: Record<string, number> = {};
  for (const seed of seeds) {
    for (const [name, count] of Object.entries(await run(seed))) total[name] = (total[name] ?? 0) + count;
  }
  console.log(`interleavings: seeds from ${seeds.at(-1)! - runs + 1} to ${seeds.at(-1)}`, total);
  for (const [name, count] of Object.entries(total)) expect(count, `${name} happened`).toBeGreaterThan(0);
});

test("a seed gives the same run again", async () => {
  expect(await run(seeds[0]!)).toEqual(await run(seeds[0]!));
});

test.each(plantedBugs)("the planted bug is found: %s", { timeout: 120_000 }, async (bug) => {
  for (let seed = 0; seed < 400; seed++) {
    try {
      await runLake(seed, bug);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      console.log(`${bug}: seed ${seed}: ${error.message}`);
      return;
    }
  }
  expect.unreachable(`400 seeds did not find: ${bug}`);
});
