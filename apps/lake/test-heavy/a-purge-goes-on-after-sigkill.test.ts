import { expect, test } from "vitest";
import { purgeRounds } from "./purge-rounds.ts";

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

test("30 kills during deletions, purges and restores: what was ordered is done, nothing else is touched", async () => {
  const verdict = await purgeRounds({ rounds: 30, seed });
  console.log(`seed ${seed}:`, JSON.stringify(verdict, undefined, 2));
  expect(verdict.problems).toEqual([]);
  const underWay = Object.entries(verdict.stages).filter(([stage]) =>
    /: (journal|files|queries|objects|log)$/.test(stage),
  );
  expect(
    underWay.reduce((sum, [, count]) => sum + count, 0),
    "kills that found a purge under way",
  ).toBeGreaterThan(5);
});
