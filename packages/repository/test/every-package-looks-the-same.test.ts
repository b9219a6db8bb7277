import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageOf, packages, importsOf, root } from "./workspace.ts";

const all = packages();
const published = all.filter((one) => one.manifest.private !== true).map((one) => [one.manifest.name, one] as const);

test.each(published)("%s can be published", (_name, one) => {
  const { manifest, path } = one;
  expect(manifest).toMatchObject({
    type: "module",
    license: "Apache-2.0",
    sideEffects: false,
    // The apps use zstd and the newer parts of node:sqlite.
    engines: { node: path.startsWith("apps/") ? ">=22.16" : ">=22.12" },
    repository: { directory: path },
    publishConfig: { access: "public", provenance: true },
  });
  expect(manifest.files).toContain("dist");
  expect(manifest.exports).toBeDefined();
  expect(existsSync(join(root, path, "README.md")), `${path}/README.md`).toBe(true);
  expect(
    one.tests.some((file) => file.endsWith(".test.ts")),
    `${path} has tests`,
  ).toBe(true);
});

test.each(all.filter((one) => one.sources.length > 0).map((one) => [one.manifest.name, one] as const))(
  "%s refers to the packages it imports in its tsconfig",
  (name, one) => {
    const text = readFileSync(join(root, one.path, "tsconfig.json"), "utf8");
    const { references = [] } = JSON.parse(text) as { references?: { path: string }[] };
    const referred = references.map((reference) => join(one.path, reference.path)).toSorted();
    const names = new Set(one.sources.flatMap(importsOf).map((found) => packageOf(found.specifier)));
    const wanted = all
      .filter((other) => names.has(other.manifest.name) && other.manifest.name !== name)
      .map((other) => other.path)
      .toSorted();
    expect(referred).toEqual(wanted);
  },
);

test("adapters stay within 250 lines a file", () => {
  const long = all
    .filter((one) => one.path.startsWith("packages/adapters/"))
    .flatMap((one) => one.sources)
    .map((file) => ({ file, lines: readFileSync(join(root, file), "utf8").split("\n").length - 1 }))
    .filter(({ lines }) => lines > 250);
  expect(long).toEqual([]);
});
