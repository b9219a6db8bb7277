import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { scene } from "./support/scene.ts";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/** Says on standard error which modules were loaded, when the process ends. */
const told = `import{registerHooks}from"node:module";const urls=[];
registerHooks({load(url,context,next){urls.push(url);return next(url,context)}});
process.on("exit",()=>process.stderr.write("\\nLOADED "+JSON.stringify(urls)));`;

/** The modules that a command line loads, Node's own left out. */
function loadedBy(...argv: readonly string[]): readonly string[] {
  const { stderr } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(told)}`, cli, ...argv],
    { encoding: "utf8" },
  );
  const urls: readonly string[] = JSON.parse(stderr.slice(stderr.indexOf("\nLOADED ") + 8));
  return urls.filter((url) => url.startsWith("file:"));
}

const adaptersIn = (urls: readonly string[]): ReadonlySet<string | undefined> =>
  new Set(urls.flatMap((url) => /packages\/adapters\/([a-z-]+)\//.exec(url)?.[1] ?? []));

test.each([["--version"], ["--help"], ["no-such-command"]])("tributary %s needs no package at all", (argument) => {
  const urls = loadedBy(argument);
  expect(urls.length).toBeGreaterThan(1);
  expect(urls.filter((url) => !url.includes("/apps/forwarder/dist/"))).toEqual([]);
  expect(urls.length).toBeLessThan(12);
});

test("a configuration loads its own adapters alone, and no client of AWS before something is sent", () => {
  using place = scene();
  const file = place.write(
    "tributary.yaml",
    `integrations:
  - name: okta
    adapter: okta
    channel:
      arn: arn:aws:cloudtrail:us-east-1:111122223333:channel/0c1d2e3f-0000-4000-8000-000000000001
    files:
      paths: [in.ndjson]
`,
  );
  const urls = loadedBy("check", file);
  expect(adaptersIn(urls)).toEqual(new Set(["okta"]));
  expect(urls.filter((url) => /\/packages\/client\/|\/@aws-sdk\/|\/@smithy\//.test(url))).toEqual([]);
});
