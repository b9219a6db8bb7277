import { expect, test } from "vitest";
import { killRounds } from "./kill-rounds.ts";

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

test("50 kills with a request unanswered: every acknowledged event is found once, no request is there in part", async () => {
  const verdict = await killRounds({ wanted: 50, seed });
  console.log(`seed ${seed}:`, JSON.stringify(verdict, undefined, 2));
  expect(verdict.problems).toEqual([]);
  expect(verdict.counted).toBe(50);
  expect(verdict.acknowledged).toBeGreaterThan(1000);
});
