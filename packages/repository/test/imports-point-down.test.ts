import { expect, test } from "vitest";
import { importsOf, packageOf, packages } from "./workspace.ts";

/** The floors of the map: a package imports only from lower floors. Adapters have one peer of ours, adapter-kit. */
const floors: Readonly<Record<string, number>> = {
  "@tributary/schema": 0,
  "@tributary/policy": 1,
  "@tributary/client": 1,
  "@tributary/lake-sql": 1,
  "@tributary/adapter-kit": 1,
  "@tributary/create-adapter": 2,
  "@tributary/conformance": 2,
  "@tributary/forwarder": 3,
  "@tributary/lake": 3,
  "@tributary/console": 3,
  "@tributary/docs": 3,
  "@tributary/quickstart": 4,
  "@tributary/repository": 4,
};
const floorOf = (name: string) =>
  name.startsWith("@tributary/adapter-") && floors[name] === undefined ? 2 : floors[name];

const all = packages();

test("every package of the workspace has a floor", () => {
  expect(all.length).toBeGreaterThan(5);
  expect(all.filter((one) => floorOf(one.manifest.name) === undefined).map((one) => one.path)).toEqual([]);
});

test.each(all.map((one) => [one.manifest.name, one] as const))("%s imports only from lower floors", (name, one) => {
  const upward = one.sources
    .flatMap(importsOf)
    .map((found) => ({ ...found, target: packageOf(found.specifier) }))
    .filter(({ target }) => target?.startsWith("@tributary/") && target !== name)
    .filter(({ target }) => floorOf(target!)! >= floorOf(name)!);
  expect(upward).toEqual([]);
});

test.each(
  all.filter((one) => one.path.startsWith("packages/adapters/")).map((one) => [one.manifest.name, one] as const),
)("%s knows the kit alone", (_name, one) => {
  const ours = one.sources.flatMap(importsOf).map((found) => packageOf(found.specifier));
  expect(new Set(ours.filter((target) => target?.startsWith("@tributary/")))).toEqual(
    new Set(["@tributary/adapter-kit"]),
  );
});

test.each(all.map((one) => [one.manifest.name, one] as const))(
  "%s declares what its source imports, and no more",
  (_name, one) => {
    const imported = new Set(
      one.sources
        .flatMap(importsOf)
        .map((found) => packageOf(found.specifier))
        .filter((target) => target !== undefined),
    );
    imported.delete(one.manifest.name);
    const declared = new Set([
      ...Object.keys(one.manifest.dependencies ?? {}),
      ...Object.keys(one.manifest.peerDependencies ?? {}),
    ]);
    expect({ undeclared: [...imported].filter((target) => !declared.has(target)).toSorted() }).toEqual({
      undeclared: [],
    });
    const unused = Object.keys(one.manifest.dependencies ?? {}).filter((name) => !imported.has(name));
    const runAsProcesses =
      one.manifest.name === "@tributary/quickstart" ? ["@tributary/lake", "@tributary/forwarder"] : [];
    expect({ unused: unused.filter((name) => !runAsProcesses.includes(name)) }).toEqual({ unused: [] });
  },
);

test.each(all.map((one) => [one.manifest.name, one] as const))("%s declares what its tests import", (name, one) => {
  const atRoot = new Set(["vitest", "fast-check", "@types/node"]);
  const declared = new Set([
    name,
    ...Object.keys(one.manifest.dependencies ?? {}),
    ...Object.keys(one.manifest.devDependencies ?? {}),
    ...Object.keys(one.manifest.peerDependencies ?? {}),
  ]);
  const missing = one.tests
    .flatMap(importsOf)
    .map((found) => packageOf(found.specifier))
    .filter((target) => target !== undefined && !declared.has(target) && !atRoot.has(target));
  expect([...new Set(missing)]).toEqual([]);
});
