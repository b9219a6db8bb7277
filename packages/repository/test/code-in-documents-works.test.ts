import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { anchors, documents } from "./documents.ts";
import { guideHome, removeSnippets, writeSnippets } from "./snippets.ts";
import { root } from "./workspace.ts";

const run = `run-${process.pid}`;
const snippets = writeSnippets(run);
const own = join(root, guideHome, ".snippets", run);
afterAll(() => {
  removeSnippets(snippets, run);
});

test("every ts block of every document compiles", () => {
  expect(snippets.length).toBeGreaterThan(8);
  mkdirSync(own, { recursive: true });
  const project = join(own, "tsconfig.json");
  const compilerOptions = {
    noEmit: true,
    composite: false,
    incremental: false,
    declaration: false,
    declarationMap: false,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
  };
  const files = snippets.map(({ file }) => file);
  writeFileSync(project, JSON.stringify({ extends: join(root, "tsconfig.base.json"), compilerOptions, files }));
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const done = spawnSync(process.execPath, [tsc, "-p", project, "--pretty", "false"], { cwd: root, encoding: "utf8" });
  const origins = snippets.map(({ file, origin }) => `${file.slice(root.length)} is ${origin}`).join("\n");
  expect(done.stdout, `${done.stdout}${done.stderr}\n${origins}`).toBe("");
  expect(done.status).toBe(0);
});

test("the adapter of the guide passes the suite", () => {
  const suite = snippets.find(
    ({ file, origin }) => file.endsWith(".test.ts") && origin.startsWith("apps/docs/write-an-adapter.md"),
  );
  const folder = join(suite!.file, "..", "..");
  const guide = documents().find(({ path }) => path === "apps/docs/write-an-adapter.md")!;
  const pairs = guide.blocks.filter(({ language }) => language === "json");
  expect(pairs.length).toBe(2);
  const fixtures = join(folder, "test/fixtures");
  mkdirSync(fixtures, { recursive: true });
  writeFileSync(join(fixtures, "door-opened.record.json"), pairs[0]!.text);
  writeFileSync(join(fixtures, "door-opened.event.json"), `${pairs[1]!.text}\n`);
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const env = { ...process.env, VITEST: undefined, VITEST_POOL_ID: undefined, VITEST_WORKER_ID: undefined };
  const done = spawnSync(
    process.execPath,
    [vitest, "run", "--root", folder, "--testTimeout=120000", "--reporter=verbose"],
    { cwd: folder, encoding: "utf8", env },
  );
  expect(done.status, `${done.stdout}${done.stderr}`).toBe(0);
});

test("relative links and their anchors lead somewhere", () => {
  const all = new Map(documents().map((document) => [document.path, document]));
  const broken: string[] = [];
  for (const document of all.values())
    for (const [, target] of document.prose.matchAll(/\[[^\]\n]*\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [path = "", anchor] = target!.split("#");
      const file = path === "" ? document.path : join(document.path, "..", path).replace(/\/$/, "");
      const linked = all.get(file);
      const isThere = linked !== undefined || isReadable(file);
      if (!isThere || (anchor !== undefined && linked !== undefined && !anchors(linked).includes(anchor)))
        broken.push(`${document.path}: ${target}`);
    }
  expect(broken).toEqual([]);
});

function isReadable(path: string): boolean {
  try {
    readFileSync(join(root, path));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EISDIR";
  }
}
