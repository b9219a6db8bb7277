import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root, trackedFiles } from "./workspace.ts";

const expected = [
  ".changeset",
  ".ci",
  ".github",
  ".gitignore",
  ".npmrc",
  ".oxfmtrc.json",
  ".oxlintrc.json",
  "CONTRIBUTING.md",
  "LICENSE",
  "README.md",
  "SECURITY.md",
  "apps",
  "conformance",
  "knip.json",
  "package.json",
  "packages",
  "pnpm-lock.yaml",
  "pnpm-workspace.yaml",
  "tsconfig.base.json",
  "turbo.json",
];

test("the top level holds nothing that the map does not name", () => {
  const top = new Set(trackedFiles().map((file) => file.split("/")[0]!));
  expect([...top].filter((name) => !expected.includes(name))).toEqual([]);
});

test("what the map names is there", () => {
  const top = new Set(trackedFiles().map((file) => file.split("/")[0]!));
  const optional = new Set([".github", "conformance", "knip.json"]);
  expect(expected.filter((name) => !top.has(name) && !optional.has(name))).toEqual([]);
});

test("no folder or file is a grab-bag", () => {
  const bags = /(^|\/)(utils?|common|helpers?|misc|types)(\.[a-z]+)?(\/|$)/;
  expect(trackedFiles().filter((file) => bags.test(file))).toEqual([]);
});

test("no file is larger than a megabyte", () => {
  expect(trackedFiles().filter((file) => statSync(join(root, file)).size > 1_000_000)).toEqual([]);
});
