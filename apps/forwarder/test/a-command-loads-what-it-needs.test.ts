import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { tributary } from "./support/command.ts";
import { scene } from "./support/scene.ts";

const cli = fileURLToPath(new URL("../bin/tributary.js", import.meta.url));

/** Says on standard error which modules were loaded, when the process ends. */
const told = `import{registerHooks}from"node:module";const urls=[];
registerHooks({load(url,context,next){urls.push(url);return next(url,context)}});
process.on("exit",()=>process.stderr.write("\\nLOADED "+JSON.stringify([...urls,...process.moduleLoadList])));`;

interface Loaded {
  /** Files, and of Node's own modules its client of HTTP and WebSockets: an import of node:http loads that. */
  readonly urls: readonly string[];
  /** What these files were made of. */
  readonly sources: readonly string[];
}

/** What a command line loads. @param until text of its log after which it is stopped */
async function loadedBy(argv: readonly string[], until?: string): Promise<Loaded> {
  const hooks = `data:text/javascript,${encodeURIComponent(told)}`;
  const child = spawn(process.execPath, ["--import", hooks, cli, ...argv], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (until !== undefined && stderr.includes(until)) child.kill("SIGTERM");
  });
  await once(child, "close");
  const all: readonly string[] = JSON.parse(stderr.slice(stderr.indexOf("\nLOADED ") + 8));
  const urls = all.filter((url) => url.startsWith("file:") || url.includes("undici"));
  const sources = urls.flatMap((url) => {
    const map = url.startsWith("file:") ? new URL(`${url}.map`) : undefined;
    if (map === undefined || !existsSync(map)) return [url];
    const { sources: names }: { readonly sources: readonly string[] } = JSON.parse(readFileSync(map, "utf8"));
    return names.map((name) => new URL(name, url).href);
  });
  return { urls, sources };
}

const adaptersIn = (sources: readonly string[]): ReadonlySet<string | undefined> =>
  new Set(sources.flatMap((url) => /packages\/adapters\/([a-z-]+)\//.exec(url)?.[1] ?? []));

test.each([["--version"], ["--help"], ["no-such-command"]])(
  "tributary %s needs no package at all",
  async (argument) => {
    const { urls, sources } = await loadedBy([argument]);
    expect(sources.length).toBeGreaterThan(1);
    expect(sources.filter((url) => !url.includes("/apps/forwarder/src/"))).toEqual([]);
    expect(urls.length).toBeLessThan(12);
  },
);

const version = (env: Record<string, string>) => tributary(["--version"], { env });

test("what V8 compiled is kept in the user's own cache, and nowhere where there is none", async () => {
  using place = scene();
  expect((await version({ HOME: place.directory })).code).toBe(0);
  expect(readdirSync(join(place.directory, ".cache", "tributary"))).toHaveLength(1);
  const other = join(place.directory, "other");
  expect((await version({ HOME: "/nonexistent", XDG_CACHE_HOME: other })).code).toBe(0);
  expect(readdirSync(join(other, "tributary"))).toHaveLength(1);
  const none = join(place.directory, "gone");
  expect((await version({ HOME: none })).code).toBe(0);
  expect(existsSync(none)).toBe(false);
});

test("check and run load the adapters of the configuration alone, and no client of AWS before something is sent", async () => {
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
  for (const { urls, sources } of [
    await loadedBy(["check", file]),
    await loadedBy(["run", "--config", file, "--state", join(place.directory, "state")], "started"),
  ]) {
    expect(adaptersIn(sources)).toEqual(new Set(["okta"]));
    expect(sources.filter((url) => /\/packages\/client\/|\/@aws-sdk\/|\/@smithy\/|undici/.test(url))).toEqual([]);
    // Hundreds of sources: a file for each would take longer to load than all else.
    expect(sources.length).toBeGreaterThan(100);
    expect(urls.length).toBeLessThan(100);
  }
});
