import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync, appendFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FaultyRun } from "./faulty-run.ts";

const folder = mkdtempSync(join(tmpdir(), "tributary-full-"));
const mounted =
  process.platform === "linux" &&
  spawnSync("mount", ["-t", "tmpfs", "-o", "size=1300m,mode=0700", "tmpfs", folder]).status === 0;
if (!mounted) {
  console.log("skipped: a file system of its own cannot be mounted here");
  rmSync(folder, { recursive: true, force: true });
}

/** Takes all the room there is but `leave` bytes. */
function fill(leave: number): void {
  const file = join(folder, "filler");
  writeFileSync(file, "");
  const piece = Buffer.alloc(1024 ** 2);
  for (;;) {
    const { bavail, bsize } = statfsSync(folder);
    const room = bavail * bsize - leave;
    if (room <= 0) return;
    try {
      appendFileSync(file, room < piece.length ? piece.subarray(0, room) : piece);
    } catch {
      return;
    }
  }
}

test.skipIf(!mounted)(
  "a disk that fills to the last byte: ingest is refused honestly, nothing acknowledged is lost, and room heals it",
  async () => {
    const data = join(folder, "lake");
    mkdirSync(data, { mode: 0o700 });
    const run = new FaultyRun({ data });
    const tolerated = [429, 500, 503];
    try {
      await run.start();
      expect(await run.ingest(60)).toBe(60);
      fill(512 * 1024 ** 2);
      // The verdict is half a second old at most.
      let refused = 0;
      for (let attempt = 0; attempt < 100 && refused < 5; attempt++)
        refused += (await run.ingest(1, { tolerated })) === 0 ? 1 : 0;
      expect(refused).toBe(5);
      fill(0);
      // It cannot be accepted, or waits for the room that compaction needs.
      const asked = run.ask(`SELECT count(*) FROM ${run.storeId}`).catch((error: unknown) => String(error));
      expect(await run.ingest(3, { tolerated })).toBe(0);
      rmSync(join(folder, "filler"));
      expect(await run.recovers(30)).toBe(true);
      console.log("asked with no room at all:", JSON.stringify(await asked));
      const verdict = await run.judge();
      console.log(JSON.stringify(verdict));
      expect(verdict.problems).toEqual([]);
    } finally {
      await run.end();
      spawnSync("umount", ["-l", folder]);
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
