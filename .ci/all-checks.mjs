// All that CI runs, for `.ci/run`: `npm test` and `npm start` alone, which install and build; then everything else, two jobs side by side, the
// longest first. Prints what failed, how long each part took, and "N passed, N failed" as the last line. Ends with 1 if any failed.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { durations } from "./checks/durations.mjs";
import { runJobs } from "./checks/run-jobs.mjs";
import { wholeRun } from "./checks/whole-run.mjs";

Object.assign(process.env, { TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", npm_config_loglevel: "error" });
const began = performance.now();
const check = (name, ...command) => ({ name, kind: "check", command });
// Both build, which writes what the others read: they come first, and alone.
const results = await runJobs(
  [
    { name: "npm test", kind: "suite", command: ["npm", "test"], live: true },
    check("npm start -- --once", "npm", "start", "--", "--once"),
  ],
  { lanes: 1 },
);

// With the workspace's tools, and with pnpm itself, which publint and attw pack with.
const path = spawnSync("npx", ["--yes", "pnpm@12.21.0", "exec", "printenv", "PATH"], {
  encoding: "utf8",
}).stdout.trim();
if (path !== "") process.env.PATH = path;
const ofHeavier = {
  ...wholeRun(process.env),
  PATH: [join(process.cwd(), ".ci/.venv/bin"), process.env.PATH].join(delimiter),
};
const tools = { name: "what the heavier suites need", kind: "step", command: ["bash", ".ci/checks/heavier-tools.sh"] };
const heavier = (name, directory) => ({
  name: `heavier suite of ${name}`,
  kind: "suite",
  command: ["pnpm", "--dir", directory, "run", "test:heavy"],
  env: ofHeavier,
  after: tools.name,
});
const foldersIn = (parent) =>
  readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${parent}/${name}`);
const folders = [...foldersIn("packages"), ...foldersIn("packages/adapters"), ...foldersIn("apps"), "conformance"];
const configs = folders
  .flatMap((folder) => ["test", "test-heavy", "bench", "scripts"].map((part) => `${folder}/${part}/tsconfig.json`))
  .filter((file) => existsSync(file));
const published = folders
  .filter((folder) => existsSync(join(folder, "package.json")))
  .filter((folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).private !== true);

results.push(
  ...(await runJobs(
    [
      tools,
      heavier("the forwarder", "apps/forwarder"),
      heavier("the lake", "apps/lake"),
      heavier("conformance", "conformance"),
      heavier("lake-sql", "packages/lake-sql"),
      check("release rehearsal", "node", ".ci/release-rehearsal.mjs"),
      check("every row of a mapping has a fixture", "node", "packages/repository/scripts/mutate-mappings.ts"),
      check("lint (oxlint, type-aware)", "oxlint", "--type-aware", "--deny-warnings"),
      check("format (oxfmt)", "oxfmt", "--check", "."),
      check("knip", "knip"),
      check("changesets", "node", ".ci/changeset-status.mjs"),
      ...configs.map((config) => check(`types of ${config}`, "tsc", "-p", config)),
      ...published.flatMap((folder) => [
        { ...check(`publint ${folder}`, "publint", "--strict"), cwd: folder },
        { ...check(`attw ${folder}`, "attw", "--pack", ".", "--profile", "esm-only"), cwd: folder },
      ]),
    ],
    { lanes: 2 },
  )),
);

const failures = results.filter(({ excerpt }) => excerpt !== "");
if (failures.length > 0) console.log(["=== what failed", ...failures.map(({ excerpt }) => excerpt)].join("\n"));
console.log(durations(results));
console.log(`=== ${Math.round((performance.now() - began) / 1000)} s in all`);
const sum = (of) => results.reduce((total, result) => total + result[of], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") > 0 ? 1 : 0;
