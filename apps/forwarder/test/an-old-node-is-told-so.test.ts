import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { nodeVersionProblem } from "../src/node-version.ts";

const cli = fileURLToPath(new URL("../bin/tributary.js", import.meta.url));

test.each([
  ["20.20.2", false],
  ["22.12.0", false],
  ["22.15.1", false],
  ["22.16.0", true],
  ["23.11.0", false],
  ["24.0.0", true],
  ["25.1.0-nightly", true],
])("Node %s: %s", (version, fits) => {
  expect(nodeVersionProblem(version) === undefined).toBe(fits);
});

test("the command says in one line which Node it needs, before anything that node:sqlite is needed for", () => {
  const older = `Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.1.0"}})`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(older)}`, cli, "--version"],
    { encoding: "utf8" },
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(/needs Node\.js 22\.16 .*this is 20\.1\.0\.$/)]);
});
