import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { channelArn, cli, sink, start } from "./bench-processes.ts";
import { writeBacklog } from "./backlog.ts";
import { markdown, median } from "./spread.ts";

/** Resident memory of `tributary run`: with a queue while it drains and while its channel refuses, and with many integrations at rest. */
export async function memory(options: { readonly records: number; readonly seconds: number }): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-bench-"));
  const [takes, refuses] = [await sink(), await sink("refuse")];
  try {
    const [queued, eight] = [join(folder, "queued.db"), join(folder, "eight.db")];
    const names = Array.from({ length: 8 }, (_, n) => `github-${n}`);
    await writeBacklog(queued, ["github"], options.records);
    await writeBacklog(eight, names, options.records / 40);
    const millions = `${(options.records / 1e6).toLocaleString("en")} million records queued`;
    const rows = [
      await watched(
        `${millions}, the channel takes`,
        folder,
        options.seconds,
        [integration("github", takes.url)],
        queued,
      ),
      await watched(
        `${millions}, the channel refuses`,
        folder,
        options.seconds,
        [integration("github", refuses.url)],
        queued,
      ),
      await watched(
        `8 integrations, ${(options.records / 40).toLocaleString("en")} records queued for each`,
        folder,
        options.seconds,
        names.map((name) => integration(name, takes.url)),
        eight,
      ),
      await watched("1,000 integrations, nothing to do", folder, options.seconds, many(takes.url)),
    ];
    return markdown([["", "after 10 s", "median", "peak", "sent meanwhile"], ...rows]);
  } finally {
    takes.close();
    refuses.close();
    rmSync(folder, { recursive: true, force: true });
  }

  async function watched(
    name: string,
    place: string,
    seconds: number,
    integrations: readonly string[],
    from?: string,
  ): Promise<readonly string[]> {
    const state = join(place, "state.db");
    for (const end of ["", "-wal", "-shm", ".lock"]) rmSync(state + end, { force: true });
    if (from !== undefined) copyFileSync(from, state);
    const config = join(place, "tributary.yaml");
    writeFileSync(
      config,
      `limits: {queuedEvents: ${2 * options.records}, parkSeconds: 1}\nintegrations:\n${integrations.join("")}`,
    );
    await takes.taken();
    const argv = [cli, "run", "--config", config, "--state", state, "--client", "built-in"];
    const { child, watch, ended } = start(process.execPath, argv, 1000);
    const over = new AbortController();
    await Promise.race([ended, wait(seconds * 1000, undefined, { signal: over.signal }).catch(() => undefined)]);
    over.abort();
    if (child.exitCode !== null) throw new Error(`tributary run ended with ${child.exitCode}.`);
    child.kill("SIGKILL");
    await ended;
    const { events } = await takes.taken();
    const { megabytes } = watch;
    const late = megabytes[Math.min(10, megabytes.length - 1)];
    return [
      name,
      inMegabytes(late),
      inMegabytes(median(megabytes)),
      inMegabytes(Math.max(...megabytes)),
      events.toLocaleString("en"),
    ];
  }
}

const inMegabytes = (value: number | undefined): string => `${(value ?? Number.NaN).toFixed(0)} MB`;

const integration = (name: string, url: string): string => `  - name: ${name}
    adapter: github
    channel: {arn: "${channelArn}", endpoint: "${url}"}
    files: {paths: ["${join(tmpdir(), "tributary-bench-no-such-file", name)}"]}
`;

const many = (url: string): readonly string[] =>
  Array.from({ length: 1000 }, (_, n) => integration(`github-${n}`, url));
