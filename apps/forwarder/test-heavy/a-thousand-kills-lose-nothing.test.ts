import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { forwardLane } from "./forward-lane.ts";
import { fourLanes, killRounds, twoLanesBeforeLake } from "./kill-rounds.ts";
import type { LaneOptions } from "./lane.ts";

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const wanted = Number(process.env["TRIBUTARY_KILLS"] ?? 100);
const beforeLake = Math.ceil(wanted / 4);
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

test(`${beforeLake} kills before a lake of the product: each event is one row, byte for byte`, async () => {
  const verdict = await killRounds({ wanted: beforeLake, seed, hasStrace, lanes: twoLanesBeforeLake });
  console.log(`seed ${seed}:`, JSON.stringify(verdict));
  expect(verdict.problems).toEqual([]);
  expect(verdict.counted).toBeGreaterThanOrEqual(beforeLake);
});

const [, daemon] = fourLanes;
const file = { sources: false, open: (options: LaneOptions) => forwardLane(6000, options) };
const planted = [
  ["answers-before-commit", "lost", [daemon, daemon]],
  ["cursor-before-records", "lost", [file, daemon]],
  ["settles-before-answer", "lost", [file, daemon]],
] as const;

test.each(planted)("the same rounds find a forwarder that %s", async (fault, problem, lanes) => {
  const env = { PLANTED_FAULT: fault };
  const found: string[] = [];
  // Twelve kills find it more often than not.
  for (let tries = 0; tries < 10 && found.length === 0; tries++) {
    const { counted, problems } = await killRounds({ wanted: 12, seed: seed + tries, hasStrace, lanes, program, env });
    found.push(...problems.filter((one) => one.includes(`${problem}: `)));
    console.log(`seed ${seed + tries}: ${counted} kills, the first of ${found.length} problems: ${found[0] ?? "none"}`);
  }
  expect(found.length).toBeGreaterThan(0);
});
