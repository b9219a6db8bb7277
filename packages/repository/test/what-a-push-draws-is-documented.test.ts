import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, trackedFiles } from "./workspace.ts";

/** The rows of CONTRIBUTING.md: variable, number of a push, number of the whole. */
const rows = [
  ...readFileSync(join(root, "CONTRIBUTING.md"), "utf8").matchAll(/^\| `(TRIBUTARY_\w+)` \| ([\d.]+) \| ([\d.]+) \|/gm),
].map(([, name, push, whole]) => ({ name: name!, push: push!, whole: whole! }));

const wholeRun = (env: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const source = `import { wholeRun } from ${JSON.stringify(join(root, ".ci/checks/whole-run.mjs"))};
    console.log(JSON.stringify(wholeRun(${JSON.stringify(env)})));`;
  return JSON.parse(spawnSync(process.execPath, ["--input-type=module", "-e", source], { encoding: "utf8" }).stdout);
};

test("the whole is what CONTRIBUTING says, on request alone, and a number that is given stays", () => {
  const whole = Object.fromEntries(rows.map((row) => [row.name, row.whole]));
  expect(Object.keys(whole).length).toBeGreaterThan(2);
  expect(wholeRun({ TRIBUTARY_WHOLE: "1" })).toEqual(whole);
  expect(wholeRun({})).toEqual({});
  const [{ name: given }, ...others] = rows as [(typeof rows)[0], ...typeof rows];
  expect(Object.keys(wholeRun({ TRIBUTARY_WHOLE: "1", [given]: "7" }))).toEqual(others.map(({ name }) => name));
});

test.each(rows)("a push draws $push of $name", ({ name, push }) => {
  const defaults = trackedFiles()
    .filter((file) => /\/test(-heavy)?\/.*\.ts$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8");
      return [...text.matchAll(/process\.env\["(TRIBUTARY_\w+)"\] \?\? ([\d._]+)/g)];
    })
    .filter(([, one]) => one === name)
    .map(([, , number]) => Number(number!.replaceAll("_", "")));
  expect(new Set(defaults)).toEqual(new Set([Number(push)]));
});
