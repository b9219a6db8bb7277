import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { descendants, inject } from "./attach-strace.ts";
import { FaultyRun } from "./faulty-run.ts";

const hasStrace = spawnSync("strace", ["--version"]).status === 0;
if (!hasStrace) console.log("skipped: strace is not installed");

const daySeconds = 86_400;
/** Longer than any event of the test is old, and shorter than the old ones are. */
const retention = { long: 2557, short: 30 };
const oldDays = [40, 41, 60, 400] as const;

const care = (run: FaultyRun): number | undefined => descendants(run.lake!.child.pid!, "care-main")[0];

/** Waits for a state of a process that runs, up to a minute. */
async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (const end = Date.now() + 60_000; Date.now() < end; await wait(20)) {
    const found = look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`a minute passed: ${what}`);
}

/** Whether a process has ended; one that its tracer has not let go yet has too. */
function ended(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
  } catch {
    return true;
  }
}

/** Days of a store that have a file. */
function daysOf(run: FaultyRun): readonly string[] {
  const directory = join(run.data, "objects", "tables", run.storeId);
  return existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => name.startsWith("eventday="))
        .toSorted()
    : [];
}

/** The calls at which it is killed: the catalog's commit, the published version's bytes and name, the deletion of the files. */
const points = ["pwrite64", "openat", "fsync", "link,linkat", "unlink,unlinkat"] as const;
const rounds = 25;

describe.skipIf(!hasStrace)("the process of retention", () => {
  test("killed at any call while it drops expired days: they go, all of them, and nothing younger with them", async () => {
    // Without the ten minutes in which a day must have been too old, and without the grace of removed files.
    const run = new FaultyRun({ fault: "hasty" });
    const hits: Record<string, number> = {};
    try {
      await run.start();
      let expired = 0;
      for (let round = 0; round < rounds; round++) {
        const call = points[round % points.length]!;
        const turn = Math.floor(round / points.length);
        // One version is published, and a thread of several deletes one file or two.
        const nth = 1 + (call.includes("link") ? (call.startsWith("unlink") ? turn % 2 : 0) : turn);
        await run.setRetention(retention.long);
        for (const days of oldDays)
          expired +=
            10 * (await run.ingest(1, { startSeconds: Math.floor(Date.now() / 1000) - days * daySeconds, lost: true }));
        await run.ingest(2);
        // Into the tables, old and young.
        await run.ask(`SELECT count(*) FROM ${run.storeId}`);
        const young = await until("the files are there", () =>
          daysOf(run).length > oldDays.length ? daysOf(run).slice(oldDays.length) : undefined,
        );
        const pid = await until("care runs", () => care(run));
        const killer = await inject([pid], `${call}:signal=SIGKILL:when=${nth}`);
        await run.setRetention(retention.short);
        const gone = (): boolean => daysOf(run).join() === young.join();
        await until(`the old days go, or care dies at ${call} ${nth}`, () => gone() || ended(pid));
        // What care does when it has dropped them is safe to break off too.
        await wait(200);
        if (ended(pid)) hits[call] = (hits[call] ?? 0) + 1;
        await killer.detach();
        // Whoever cares for the lake then.
        await until(`the old days go, after ${call} ${nth}`, gone);
      }
      // With the long retention nothing that is still there is hidden from the query.
      await run.setRetention(retention.long);
      const verdict = await run.judge();
      console.log("kills by call:", JSON.stringify(hits), "expired:", expired, JSON.stringify(verdict));
      expect(verdict.problems).toEqual([]);
      expect(expired).toBe(rounds * oldDays.length * 10);
      expect(verdict.acknowledged).toBe(rounds * 20);
      expect(points.filter((call) => hits[call] === undefined)).toEqual([]);
    } finally {
      await run.end();
    }
  });
});
