import { spawnSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { descendants, inject } from "./attach-strace.ts";
import { FaultyRun } from "./faulty-run.ts";

const hasStrace = spawnSync("strace", ["--version"]).status === 0;
if (!hasStrace) console.log("skipped: strace is not installed");

const care = (run: FaultyRun): number | undefined => descendants(run.lake!.child.pid!, "care-main")[0];

/** Waits for a state of a process that runs, up to half a minute. */
async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (const end = Date.now() + 30_000; Date.now() < end; await wait(20)) {
    const found = look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error("half a minute passed");
}

const ended = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

/**
 * The calls at which the process of compaction is killed, by what they do: a table file's bytes, its name, its place among the
 * objects, the catalog's commit.
 */
const points = ["pwrite64", "openat", "link,linkat", "fsync", "unlink,unlinkat"] as const;

describe.skipIf(!hasStrace)("the process of compaction", () => {
  test("killed at any call, in compactions and merges: every acknowledged event is there once", async () => {
    const run = new FaultyRun();
    const hits: Record<string, number> = {};
    try {
      await run.start();
      for (let round = 0; round < 30; round++) {
        const call = points[round % points.length]!;
        // Late bytes too; of the rarer calls the first or the second.
        const turn = Math.floor(round / points.length);
        const nth = call === "pwrite64" ? 1 + turn * 5 : 1 + (turn % 2);
        const pid = await until(() => care(run));
        const killer = await inject([pid], `${call}:signal=SIGKILL:when=${nth}`);
        await run.ingest(4);
        // The query waits for the compaction, which dies and is begun again by the next process.
        const asked = run.ask(`SELECT count(*) FROM ${run.storeId}`);
        await Promise.race([asked, until(() => ended(pid))]);
        if (ended(pid)) hits[call] = (hits[call] ?? 0) + 1;
        await killer.detach();
        await asked;
      }
      const verdict = await run.judge();
      console.log("kills by call:", JSON.stringify(hits), JSON.stringify(verdict));
      expect(verdict.problems).toEqual([]);
      expect(verdict.acknowledged).toBe(30 * 40);
      for (const call of points) expect(hits[call]).toBeGreaterThanOrEqual(2);
    } finally {
      await run.end();
    }
  });

  test.each(["link,linkat", "fsync"])(
    "frozen at %s, its lake killed, another at work, then thawed: it commits nothing twice and nothing swept",
    async (call) => {
      const run = new FaultyRun();
      try {
        const first = await run.start();
        await run.ingest(30);
        const frozen = care(run)!;
        const freezer = await inject([frozen], `${call}:signal=SIGSTOP:when=1`);
        const asked = run.ask(`SELECT count(*) FROM ${run.storeId}`).catch(() => undefined);
        await until(() => stopped(frozen) || undefined);
        await freezer.detach();
        process.kill(frozen, "SIGSTOP");
        await first.kill("main");
        await asked;
        // Frozen in a commit it holds the catalog's lock: another lake does not start, and says so.
        const started = await run.start().then(
          () => true,
          () => false,
        );
        if (started) await run.ingest(30);
        const before = started ? await run.ask(`SELECT count(*) FROM ${run.storeId}`) : [["600"]];
        expect(before).toEqual([["600"]]);
        process.kill(frozen, "SIGCONT");
        await until(() => ended(frozen) || undefined);
        if (!started) await run.start();
        const verdict = await run.judge();
        console.log(`frozen at ${call}:`, started, JSON.stringify(verdict));
        expect(verdict.problems).toEqual([]);
      } finally {
        await run.end();
      }
    },
  );

  test("a lake suspended whole, under ingest, goes on when it wakes", async () => {
    const run = new FaultyRun();
    try {
      const lake = await run.start();
      const sending = run.ingest(600);
      const group = -lake.child.pid!;
      for (let nap = 0; nap < 5; nap++) {
        await wait(100);
        process.kill(group, "SIGSTOP");
        await wait(300);
        process.kill(group, "SIGCONT");
      }
      expect(await sending).toBe(600);
      expect((await run.judge()).problems).toEqual([]);
    } finally {
      await run.end();
    }
  });
});

/** By its state in /proc: stopped, or stopped by a tracer. */
function stopped(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return /^[Tt]/.test(stdout.trim());
}
