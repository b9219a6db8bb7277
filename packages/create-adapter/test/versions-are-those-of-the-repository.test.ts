import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { versions } from "../src/package/manifest.ts";

const manifest = (path: string) =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as {
    readonly version?: string;
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
  };

test("a new package asks for the versions that this repository is tested with", () => {
  const root = manifest("../../../package.json").devDependencies;
  const kit = manifest("../../adapter-kit/package.json");
  expect(versions).toEqual({
    "@tributary/adapter-kit": `^${kit.version?.split(".")[0]}.0.0`,
    "@sinclair/typebox": `^${kit.dependencies?.["@sinclair/typebox"]}`,
    "@types/node": `^${root?.["@types/node"]}`,
    "fast-check": `^${root?.["fast-check"]}`,
    typescript: `^${root?.["typescript"]}`,
    vitest: `^${root?.["vitest"]}`,
  });
});
