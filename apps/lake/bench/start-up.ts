import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { markdownTable } from "./markdown-table.ts";
import { median, spreadText } from "./spread.ts";
import { startServer } from "./start-server.ts";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
/** Of each in a round. */
const starts = 5;

/** ms from the start of `serve` to the line that says where it listens, against a Node that does nothing, in turn. */
export async function startUp({ runs }: { readonly runs: number }): Promise<string> {
  const cases: readonly { readonly name: string; readonly run: () => Promise<number> }[] = [
    { name: "node -e 0", run: nothing },
    { name: "tributary-lake serve, a new directory", run: served },
  ];
  const times = cases.map((): number[] => []);
  // The first of each fills the caches.
  for (const { run } of cases) await run();
  for (let n = 0; n < runs * starts; n++) for (const [at, { run }] of cases.entries()) times[at]!.push(await run());
  const rows = cases.map(({ name }, at) => [
    name,
    spreadText(times[at]!),
    median(times[at]!.map((ms, n) => ms / times[0]![n]!)).toFixed(1),
  ]);
  return markdownTable([["", "ms", "times node -e 0"], ...rows]);
}

async function nothing(): Promise<number> {
  const began = performance.now();
  await once(spawn(process.execPath, ["-e", "0"]), "exit");
  return performance.now() - began;
}

async function served(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-bench-"));
  try {
    const began = performance.now();
    const lake = await startServer(cli, ["serve", "--data", join(folder, "lake"), "--port", "0", "--json"]);
    const ms = performance.now() - began;
    await lake.stop();
    return ms;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
