import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { seededRandom } from "../src/delivery/back-off.ts";
import { config, run, toy, until, type Running } from "../test/support/running.ts";
import { scriptedServer } from "../test/support/scripted-server.ts";
import { scene } from "../test/support/scene.ts";

vi.setConfig({ testTimeout: 300_000 });

const logrotate = ["/usr/sbin/logrotate", "/usr/bin/logrotate"].find((path) => existsSync(path));
if (logrotate === undefined) console.log("skipped: logrotate is not installed");

interface Kind {
  readonly name: string;
  /** Of logrotate's configuration. */
  readonly how: string;
  readonly paths: string;
}

const kinds: readonly Kind[] = [
  {
    name: "renamed, then compressed with the next rotation",
    how: "create\ncompress\ndelaycompress",
    paths: "app.log*",
  },
  { name: "renamed and compressed at once", how: "create\ncompress", paths: "app.log*" },
  { name: "copied and cut", how: "copytruncate", paths: "app.log*" },
  { name: "copied, cut and compressed at once", how: "copytruncate\ncompress", paths: "app.log*" },
  { name: "renamed with dates", how: "create\ndateext\ndateformat -%s\ncompress\ndelaycompress", paths: "app.log*" },
  { name: "renamed, and only the newest name is followed", how: "create", paths: "app.log" },
];

/**
 * A real logrotate and a writer that opens the file for each line, as after a reopen; now and then the forwarder is killed. Side by side,
 * since they wait most of the time.
 */
describe.skipIf(logrotate === undefined)("a file that is rotated", () => {
  test.concurrent.each(kinds)(
    "$name by logrotate, with kill -9 of the forwarder in between: every line once",
    async ({ how, paths }) => {
      using place = scene();
      const seed = Number(process.env["SEED"] ?? 11);
      const random = seededRandom(seed);
      const folder = mkdtempSync(join(tmpdir(), "tributary-logrotate-"));
      const lake = await scriptedServer();
      try {
        const log = join(folder, "app.log");
        const rules = join(folder, "rotate.conf");
        writeFileSync(rules, `${log} {\nrotate 100\nsize 1\nmissingok\n${how}\n}\n`);
        const file = place.write(
          "tributary.yaml",
          config(
            toy("a", lake.endpoint, `    files: {paths: ["${join(folder, paths)}"], format: lines, quietSeconds: 1}`),
          ),
        );
        let running: Running = run(place, file);
        await running.line(({ message }) => message === "started");
        let written = 0;
        let told = "";
        let [kills, rotations] = [0, 0];
        const write = (lines: number): void => {
          let text = "";
          for (let n = 0; n < lines; n++)
            text += `${JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Test", id: `r-${written++}`, text: "x".repeat(80) })}\n`;
          // Now and then in two writes.
          const cut = random() < 0.3 ? Math.floor(text.length * random()) : text.length;
          appendFileSync(log, text.slice(0, cut));
          if (cut < text.length) appendFileSync(log, text.slice(cut));
        };
        write(1);
        await until(() => lake.stored.size === 1);
        for (let round = 0; round < 60; round++) {
          write(1 + Math.floor(random() * 200));
          if (random() < 0.5) await wait(random() * 400);
          if (random() < 0.3) {
            // With only the newest name, a file must have been seen before it is rotated twice.
            if (paths === "app.log") await until(() => lake.stored.size === written);
            const done = spawnSync(logrotate!, ["-f", "-s", join(folder, "status"), rules], { encoding: "utf8" });
            // It refuses to rotate twice within a second where the date is the name.
            told += done.stderr.replaceAll(/^.*already exists, skipping rotation$/gm, "").trim();
            rotations++;
          }
          if (paths !== "app.log" && random() < 0.12) {
            running.kill("SIGKILL");
            await running.ended;
            kills++;
            running = run(place, file);
          }
        }
        await until(() => lake.stored.size >= written);
        running.kill("SIGTERM");
        await running.ended;
        console.log(`seed ${seed}: ${written} lines, ${rotations} rotations, ${kills} kills`);
        expect(told).toBe("");
        expect(lake.stored.size).toBe(written);
        for (let n = 0; n < written; n++) expect(lake.stored.has(`r-${n}`)).toBe(true);
        const again = [...lake.stored.values()].filter((copies) => new Set(copies).size > 1);
        // What was on its way when the process was killed comes again with the same bytes; the lake keeps one.
        expect(again).toEqual([]);
        const sentTwice = [...lake.stored.values()].filter((copies) => copies.length > 1).length;
        expect(kills === 0 ? sentTwice : 0).toBe(0);
      } finally {
        await lake.close();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
