import { expect, test } from "vitest";
import { killRounds } from "./kill-rounds.ts";

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const wanted = Number(process.env["TRIBUTARY_WORKER_KILLS"] ?? 24);
// Elsewhere processes cannot share a port.
const linux = process.platform === "linux";

test.skipIf(!linux)(
  `${wanted} kills of a worker or of the whole lake: every acknowledged event is found once`,
  async () => {
    const verdict = await killRounds({ wanted, seed, workers: 3 });
    console.log(`seed ${seed}:`, JSON.stringify(verdict, undefined, 2));
    expect(verdict.problems).toEqual([]);
    expect(verdict.counted).toBe(wanted);
    expect(verdict.acknowledged).toBeGreaterThan(1000);
    expect(verdict.resent).toBeGreaterThan(0);
  },
);

test.skipIf(!linux)("the same rounds find a lake that answers its workers before COMMIT", async () => {
  const { counted, problems } = await killRounds({ wanted: 16, seed, workers: 3, fault: "answers-before-commit" });
  console.log(`seed ${seed}: ${counted} kills, ${problems.length} problems, the first: ${problems[0] ?? "none"}`);
  expect(problems.filter((problem) => /^acknowledged .* is found 0 times$/.test(problem)).length).toBeGreaterThan(0);
});
