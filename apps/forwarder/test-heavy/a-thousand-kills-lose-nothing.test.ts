import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { fourLanes, killRounds, twoLanesBeforeLake } from "./kill-rounds.ts";

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const wanted = Number(process.env["TRIBUTARY_KILLS"] ?? 150);
const hasStrace = process.platform === "linux" && spawnSync("strace", ["-V"]).status === 0;
if (!hasStrace) console.log("strace is not installed: kills come at requests alone, not at writes");
const program = fileURLToPath(new URL("faulty-forwarder.ts", import.meta.url));

test(`${wanted} kills with a write uncommitted or a request unanswered: every payload is in the lake once, and the sum holds`, async () => {
  const verdict = await killRounds({ wanted, seed, hasStrace });
  console.log(`seed ${seed}:`, JSON.stringify(verdict, undefined, 2));
  expect(verdict.problems).toEqual([]);
  expect(verdict.counted).toBeGreaterThanOrEqual(wanted);
  expect(verdict.records).toBeGreaterThanOrEqual(Math.min(100_000, 50_000 + 50 * wanted));
}, 1_800_000);

test("40 kills before a lake of the product: each event is one row, byte for byte", async () => {
  const verdict = await killRounds({ wanted: 40, seed, hasStrace, lanes: twoLanesBeforeLake });
  console.log(`seed ${seed}:`, JSON.stringify(verdict));
  expect(verdict.problems).toEqual([]);
  expect(verdict.counted).toBeGreaterThanOrEqual(40);
});

const planted = [
  ["answers-before-commit", "lost", [fourLanes[1], fourLanes[3]]],
  ["cursor-before-records", "lost", [fourLanes[0], fourLanes[1]]],
  ["settles-before-answer", "lost", [fourLanes[0], fourLanes[1]]],
] as const;

test.each(planted)("the same rounds find a forwarder that %s", async (fault, problem, lanes) => {
  const env = { PLANTED_FAULT: fault };
  const { counted, problems } = await killRounds({ wanted: 40, seed, hasStrace, lanes, program, env });
  console.log(`seed ${seed}: ${counted} kills, the first of ${problems.length} problems: ${problems[0] ?? "none"}`);
  expect(problems.filter((one) => one.includes(`${problem}: `)).length).toBeGreaterThan(0);
});
