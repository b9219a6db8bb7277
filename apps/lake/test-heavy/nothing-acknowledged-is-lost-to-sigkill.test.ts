import { expect, test } from "vitest";
import { killRounds } from "./kill-rounds.ts";

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

test("50 kills with a request unanswered: every acknowledged event is found once, no request is there in part", async () => {
  const verdict = await killRounds({ wanted: 50, seed });
  console.log(`seed ${seed}:`, JSON.stringify(verdict, undefined, 2));
  expect(verdict.problems).toEqual([]);
  expect(verdict.counted).toBe(50);
  expect(verdict.acknowledged).toBeGreaterThan(1000);
  expect(verdict.resent).toBeGreaterThan(0);
});

test("the same rounds find a lake that answers before COMMIT", async () => {
  const { counted, problems } = await killRounds({ wanted: 12, seed, fault: "answers-before-commit" });
  console.log(`seed ${seed}: ${counted} kills, ${problems.length} problems, the first: ${problems[0] ?? "none"}`);
  expect(problems.filter((problem) => /^acknowledged .* is found 0 times$/.test(problem)).length).toBeGreaterThan(0);
});

test("the same rounds find a lake whose duplicate check is off", async () => {
  const { counted, problems } = await killRounds({ wanted: 12, seed, fault: "keeps-duplicates" });
  console.log(`seed ${seed}: ${counted} kills, ${problems.length} problems, the first: ${problems[0] ?? "none"}`);
  expect(problems.filter((problem) => problem.endsWith("is in two rows")).length).toBeGreaterThan(0);
});
