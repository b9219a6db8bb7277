import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../src/delivery/back-off.ts";
import { forwardLane } from "./forward-lane.ts";
import type { Lane, LaneOptions } from "./lane.ts";
import { runLane } from "./run-lane.ts";

const seed = Number(process.env["TRIBUTARY_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const hasStrace = process.platform === "linux" && spawnSync("strace", ["-V"]).status === 0;
if (!hasStrace) console.log("skipped: strace is not installed");
const program = fileURLToPath(new URL("faulty-forwarder.ts", import.meta.url));

/** Errors of system calls on the state: once, for a while, or again and again. */
const injections = [
  "fdatasync,fsync:error=EIO:when=2",
  "fdatasync,fsync:error=EIO:when=3+3",
  "fdatasync,fsync:error=ENOSPC:when=2+2",
  "pwrite64:error=EIO:when=5+7",
  "pwrite64:error=EIO:when=9..60",
  "pwrite64:error=ENOSPC:when=4+6",
  "pwrite64:error=EDQUOT:when=7+9",
  "ftruncate:error=EIO:when=1+1",
  "openat:error=EIO:when=1+2",
  "openat:error=EMFILE:when=2",
] as const;

const lanes = [
  ["run", (options: LaneOptions) => runLane(100, options)],
  ["forward", (options: LaneOptions) => forwardLane(3000, options)],
] as const;

async function under(errors: string, open: (options: LaneOptions) => Promise<Lane>, fault?: string) {
  const env = fault === undefined ? undefined : { PLANTED_FAULT: fault };
  const lane = await open({ random: seededRandom(seed), hasStrace, env, program: fault && program });
  try {
    // The state is there, and work in it.
    await lane.live({ at: "request", point: "before-store", number: 3 });
    const told = [];
    for (let life = 0; life < 2; life++) told.push(await lane.live({ at: "errors", errors }));
    return { told, problems: await lane.finish() };
  } finally {
    await lane.end();
  }
}

describe.skipIf(!hasStrace)("errors of the disk under the state", () => {
  // Side by side: each waits for seconds to see what a process does.
  test.concurrent.for(injections.flatMap((errors) => lanes.map(([command, open]) => [command, errors, open] as const)))(
    "%s, %s: it says so, acknowledges nothing that is not durable, and loses nothing",
    async ([command, errors, open]) => {
      const { told, problems } = await under(errors, open);
      expect(told.every((one) => one === undefined || one.startsWith("told: "))).toBe(true);
      console.log(`seed ${seed}: ${command}, ${errors}: ${told.map((one) => one ?? "not met").join("; ")}`);
      expect(problems).toEqual([]);
    },
  );

  test("the same errors find a forwarder that answers before it commits", async () => {
    const { problems } = await under("fdatasync,fsync:error=EIO:when=1+1", lanes[0][1], "answers-before-commit");
    console.log(`seed ${seed}: the first of ${problems.length} problems: ${problems[0] ?? "none"}`);
    expect(problems.some((problem) => problem.startsWith("lost: "))).toBe(true);
  });
});
