// Sets the workspace up with nothing but Node and npm, then runs one job: start, test, bench or all of CI's tasks.
// Everything after the install runs on the workspace's own Node (node_modules/.bin), see package.json.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, delimiter } from "node:path";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pnpm = ["--yes", "pnpm@12.21.0"];
const jobs = {
  start: [
    ["turbo", "run", "build", "--output-logs=errors-only", "--log-order=stream"],
    ["node", "apps/quickstart/dist/main.js"],
  ],
  test: [
    ["turbo", "run", "build", "test", "--continue", "--concurrency=2", "--log-order=grouped", "--output-logs=full"],
  ],
  "adapters:report": [
    ["turbo", "run", "build", "--output-logs=errors-only"],
    ["node", "packages/repository/scripts/adapters-report.ts"],
  ],
  "adapters:mutate": [
    ["turbo", "run", "build", "--output-logs=errors-only"],
    ["node", "packages/repository/scripts/mutate-mappings.ts"],
  ],
  bench: [
    ["turbo", "run", "build", "--output-logs=errors-only"],
    ["turbo", "run", "bench", "--concurrency=1", "--output-logs=full"],
  ],
};
const [job, ...rest] = process.argv.slice(2);
// Names and options are the lake's benchmarks': the others have none.
if (job === "bench" && rest.length > 0) {
  jobs.bench[1].push("--filter=@tributary/lake", "--");
}
const steps = jobs[job];
if (!steps) {
  console.error(`bootstrap: no job named ${String(job)}; there are ${Object.keys(jobs).join(", ")}.`);
  process.exit(2);
}
const windows = process.platform === "win32";
const env = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  npm_config_loglevel: "error",
  npm_config_update_notifier: "false",
  // vitest leaves one processor free: of two it would use one, and the longest suite would run alone at the end on half the machine.
  VITEST_MAX_WORKERS: process.env.VITEST_MAX_WORKERS ?? String(Math.max(2, availableParallelism() - 1)),
};

/** Runs a command from the repository's root and ends with its exit code unless that is 0. */
function run(command, args, options = {}) {
  const done = spawnSync(command, args, { cwd: root, env, stdio: "inherit", shell: windows, ...options });
  if (done.error) throw done.error;
  if (done.status !== 0) process.exit(done.status ?? 1);
}

console.error("tributary: installing what the lock file names ...");
run("npx", [...pnpm, "install", "--frozen-lockfile", "--prefer-offline", "--reporter=silent"]);
const bin = join(root, "node_modules", ".bin");
env.PATH = bin + delimiter + (env.PATH ?? "");
const bundled = existsSync(join(bin, windows ? "node.cmd" : "node"));
const version = spawnSync("node", ["--version"], { env, encoding: "utf8", shell: windows }).stdout.trim();
const [major, minor] = version.slice(1).split(".").map(Number);
if (major < 22 || (major === 22 && minor < 16)) {
  console.error(
    `tributary: no bundled Node 24 fits ${process.platform}-${process.arch}, and this Node is ${version}: install Node 24 (22.16 at the least).`,
  );
  process.exit(1);
}
console.error(`tributary: Node ${version}${bundled ? " (the workspace's own)" : ""}`);
steps.forEach(([tool, ...args], index) => {
  const last = index === steps.length - 1;
  if (tool === "node") run("node", [...args, ...rest]);
  else run("npx", [...pnpm, "exec", tool, ...args, ...(last ? rest : [])]);
});
