import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { Death } from "./support/mortal-state.ts";
import { behaviours, judge, type Life, type Step, World } from "./support/scripted-lives.ts";

vi.setConfig({ testTimeout: 120_000 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("push" as const),
      kinds: fc.array(fc.constantFrom("good", "good", "good", "noise", "broken"), { minLength: 1, maxLength: 6 }),
      isKeyed: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(10, 1000, 60_000) }) },
  { weight: 1, arbitrary: fc.constant({ do: "replay" as const }) },
);
const life: fc.Arbitrary<Life> = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
  dieAt: fc.integer({ min: 0, max: 14 }),
  death: fc.constantFrom<Death>("before", "after"),
  acts: fc.array(fc.constantFrom(...behaviours), { minLength: 1, maxLength: 6 }),
});

/** Each script on a state of its own, then a last calm life, then the judgement. */
async function scripts(runs: number, seed: number, planted?: Death) {
  let [deaths, records] = [0, 0];
  const result = await fc.check(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 4 }), fc.nat(), async (lives, random) => {
      const world = new World(random);
      for (const one of lives) await world.live(planted === undefined ? one : { ...one, death: planted });
      await world.live({ steps: [{ do: "wait", ms: 1000 }], dieAt: 0, death: "before", acts: ["take"] });
      await judge(world);
      await world.database.close();
      deaths += world.deaths;
      records += world.issued.length;
    }),
    { numRuns: runs, seed, endOnFailure: planted !== undefined },
  );
  console.log(`seed ${seed}: ${records} records, ${deaths} deaths`);
  return {
    deaths,
    failed: result.failed,
    report: `${fc.defaultReportMessage(result)}\n${String(result.errorInstance)}`,
  };
}

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

test("any script of pushes, waits, refusals, replays and deaths at any transaction: each acknowledged record has one end, and the sum holds", async () => {
  const { deaths, failed, report } = await scripts(Number(process.env["TRIBUTARY_RUNS"] ?? 60), seed);
  expect(failed ? report : "").toBe("");
  expect(deaths).toBeGreaterThan(10);
});

test("the same scripts find a state that answers before it has written", async () => {
  expect((await scripts(100, seed, "answers first")).failed).toBe(true);
});
