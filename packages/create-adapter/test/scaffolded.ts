import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const kit = join(root, "packages/adapter-kit");
const command = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/** A directory that is gone when the tests have ended. */
export function temporary(below = tmpdir()): string {
  const directory = realpathSync(mkdtempSync(join(below, "create-adapter-")));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user without a terminal does. */
export function createAdapter(cwd: string, ...argv: readonly string[]): Ended {
  return spawnSync(process.execPath, [command, ...argv], { cwd, encoding: "utf8", input: "" });
}

/** What `npm install` would put there: the workspace's own packages and tools, linked. */
export function linkDependencies(directory: string): void {
  const links = {
    "@tributary/adapter-kit": kit,
    "@sinclair/typebox": join(kit, "node_modules/@sinclair/typebox"),
    "@types/node": join(root, "node_modules/@types/node"),
    "fast-check": join(root, "node_modules/fast-check"),
    typescript: join(root, "node_modules/typescript"),
    vitest: join(root, "node_modules/vitest"),
  };
  for (const [name, target] of Object.entries(links)) {
    const link = join(directory, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(target), link, "junction");
  }
}

const run = (cwd: string, ...argv: readonly string[]): Ended => {
  const env = { ...process.env, VITEST: undefined, VITEST_POOL_ID: undefined, VITEST_WORKER_ID: undefined };
  return spawnSync(process.execPath, [...argv], { cwd, encoding: "utf8", env });
};

/** The script build of a package, and the first half of its script test, which checks the tests' types. */
export function build(directory: string): readonly Ended[] {
  const tsc = join(directory, "node_modules/typescript/bin/tsc");
  return [run(directory, tsc), run(directory, tsc, "-p", "test/tsconfig.json")];
}

/** The other half of the script test. */
export function runSuites(directory: string, below: string): Ended {
  const vitest = join(directory, "node_modules/vitest/vitest.mjs");
  return run(directory, vitest, "run", "--dir", below, "--testTimeout=120000");
}

/** Every file below a directory with its text, node_modules and dist aside. */
export function filesBelow(directory: string, below = ""): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(join(directory, below), { withFileTypes: true })) {
    if (entry.name === "node_modules" || entry.name === "dist") continue;
    const path = join(below, entry.name);
    if (entry.isDirectory()) for (const [file, text] of filesBelow(directory, path)) found.set(file, text);
    else found.set(path, readFileSync(join(directory, path), "utf8"));
  }
  return found;
}

export function writeSample(directory: string, name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}
