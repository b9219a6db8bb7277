import { spawnSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { descendants, inject } from "./attach-strace.ts";
import { FaultyRun } from "./faulty-run.ts";
import type { PlantedFault } from "./lake-process.ts";

const hasStrace = spawnSync("strace", ["--version"]).status === 0;
if (!hasStrace) console.log("skipped: strace is not installed");

/** Errors of system calls in the server and in the process of compaction, while events come in and queries compact them. */
const injections = [
  "fdatasync:error=EIO:when=1+3",
  "fdatasync:error=ENOSPC:when=2+2",
  "pwrite64:error=ENOSPC:when=1+7",
  "pwrite64:error=EIO:when=5+11",
  "fsync:error=EIO:when=1+2",
  "link,linkat:error=ENOSPC:when=1+2",
  "openat:error=EMFILE:when=1+3",
  "mmap:error=ENOMEM:when=3+5",
  "ftruncate:error=EIO:when=1+2",
  "unlink,unlinkat:error=EIO:when=1+2",
] as const;

async function under(injection: string, fault?: PlantedFault) {
  const run = new FaultyRun(fault === undefined ? {} : { fault });
  try {
    const lake = await run.start();
    await run.ingest(40);
    const faulty = await inject([lake.child.pid!, ...descendants(lake.child.pid!, "care-main")], injection);
    const stop = new AbortController();
    const tolerated = [429, 500, 503];
    const sending = run.ingest(4000, { signal: stop.signal, tolerated });
    const asking = run.ask(`SELECT count(*) FROM ${run.storeId}`).catch(() => undefined);
    await wait(2500);
    stop.abort();
    const during = await sending;
    await faulty.detach();
    // A server that ended, as it may, is started again, by whoever looks after it.
    if (lake.child.exitCode !== null || lake.child.signalCode !== null) await run.start();
    const recovered = await run.recovers(20);
    await asking;
    return { during, recovered, ended: lake.child.exitCode, ...(await run.judge()) };
  } finally {
    await run.end();
  }
}

describe.skipIf(!hasStrace)("errors of the disk", () => {
  test.each(injections)("%s: nothing acknowledged is lost, and the lake recovers", async (injection) => {
    const verdict = await under(injection);
    console.log(injection, JSON.stringify(verdict));
    expect(verdict.problems).toEqual([]);
    expect(verdict.recovered).toBe(true);
  });

  test("the same errors find a lake that answers before its commit", async () => {
    const { problems } = await under("fsync:error=EIO:when=1+3", "answers-before-commit");
    console.log(`${problems.length} problems, the first: ${problems[0] ?? "none"}`);
    expect(problems.filter((problem) => /^acknowledged .* is found 0 times$/.test(problem)).length).toBeGreaterThan(0);
  });
});
