import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { adapterFiles, adapterNames } from "../scripts/adapter-files.ts";
import { apiFiles } from "../scripts/api-files.ts";
import { conformancePages } from "../scripts/conformance-pages.ts";
import { packages, root } from "./workspace.ts";

test("what is generated of the adapters is what the script would write: node packages/repository/scripts/generate.ts", async () => {
  const files = await adapterFiles();
  expect(files.size).toBe(2);
  for (const [file, text] of files) expect(readFileSync(join(root, file), "utf8")).toBe(text);
});

test("the pages of the conformance suite are what the script would write: node packages/repository/scripts/generate.ts", async () => {
  const files = await conformancePages();
  expect(files.size).toBeGreaterThan(4);
  for (const [file, text] of files) expect(readFileSync(join(root, file), "utf8")).toBe(text);
});

test("every published package's API is what was last reviewed: node packages/repository/scripts/generate.ts, then read the diff", () => {
  const files = apiFiles();
  expect(files.size).toBeGreaterThan(22);
  for (const [file, text] of files) expect(readFileSync(join(root, file), "utf8")).toBe(text);
});

test("every adapter of the repository comes with the forwarder", () => {
  const forwarder = packages().find(({ manifest }) => manifest.name === "@tributary/forwarder");
  const wanted = adapterNames().map((name) => `@tributary/adapter-${name}`);
  expect(wanted.length).toBeGreaterThan(15);
  expect(Object.keys(forwarder?.manifest.dependencies ?? {})).toEqual(expect.arrayContaining(wanted));
});
