import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { childUser } from "../src/engine/child-user.ts";
import { DuckDBEngine } from "../src/engine/duckdb-engine.ts";
import { filesIn } from "./canary.ts";
import { TestLake, entry } from "./test-lake.ts";

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.log("skipped in part: only root can become another user");

let lake: TestLake;
let objects: string;
beforeAll(async () => {
  const umask = process.umask(0o077);
  try {
    lake = await TestLake.start();
  } finally {
    process.umask(umask);
  }
  objects = join(lake.data, "objects");
});
afterAll(() => lake.close());

const isTable = (path: string): boolean => /^tables\/[^/]+\/eventday=[^/]+\/[^/]+\.parquet$/.test(path);

/** Something of every kind: a table file, a published log, the result of a query. */
async function makeObjects(): Promise<void> {
  const store = await lake.store(`store-${Date.now()}`);
  const channel = await lake.channel([store], "Custom", "channel");
  expect((await lake.put(channel, [entry("a"), entry("b")])).json["failed"]).toEqual([]);
  await lake.control("DeleteChannel", { Channel: channel });
  const storeId = store.split("/")[1]!;
  const { json } = await lake.control("StartQuery", { QueryStatement: `SELECT count(*) FROM ${storeId}` });
  const query = async () => (await lake.control("DescribeQuery", { QueryId: json["QueryId"] })).json["QueryStatus"];
  await expect.poll(query, { timeout: 30_000 }).toBe("FINISHED");
  const log = join("tables", storeId, "_delta_log", "00000000000000000001.json");
  await expect.poll(() => existsSync(join(objects, log)), { timeout: 30_000 }).toBe(true);
}

const script = `
const fs = require("node:fs");
const { user, files, directories } = JSON.parse(process.argv[1]);
process.setgroups([]); process.setgid(user.gid); process.setuid(user.uid);
const tried = (work) => { try { work(); return "done"; } catch (error) { return error.code; } };
console.log(JSON.stringify({
  files: files.map((path) => tried(() => fs.readFileSync(path))),
  directories: directories.map((path) => tried(() => fs.readdirSync(path))),
}));`;

/** What a process of the children's user gets at that was broken out of its engine, in the children's directory. */
function reached(
  files: readonly string[],
  directories: readonly string[],
): { readonly files: readonly string[]; readonly directories: readonly string[] } {
  const question = JSON.stringify({ user: childUser("nobody"), files, directories });
  const answer = execFileSync(process.execPath, ["-e", script, question], { cwd: objects, encoding: "utf8" });
  return JSON.parse(answer) as ReturnType<typeof reached>;
}

test.runIf(isRoot)(
  "as the children's user one reads a table file by its name, no result, no log, and lists nothing",
  async () => {
    await makeObjects();
    const paths = filesIn(objects).map((file) => relative(objects, file));
    const others = [...paths.filter((path) => !isTable(path)), "../catalog.sqlite", "../master.key"];
    expect(others.some((path) => path.startsWith("results/"))).toBe(true);
    expect(others.some((path) => path.includes("_delta_log/"))).toBe(true);
    const [table] = paths.filter(isTable);
    const folders = [".", "..", ".tmp", "results", "tables", ...new Set(paths.map((path) => join(path, "..")))];
    const got = reached([...others, table!], folders);
    expect(got.files).toEqual([...others.map(() => "EACCES"), "done"]);
    expect(got.directories).toEqual(folders.map(() => "EACCES"));
  },
);

test.skipIf(process.platform === "win32")(
  "what an earlier build left open is shut when the engine starts",
  async () => {
    await makeObjects();
    const open = [".tmp", "results", "tables"].map((name) => join(objects, name));
    const [store] = readdirSync(join(objects, "tables"));
    open.push(join(objects, "tables", store!), join(objects, "tables", store!, "_delta_log"));
    for (const path of [objects, ...open]) chmodSync(path, 0o755);
    await new DuckDBEngine({ directory: objects }).close();
    const modes = [objects, ...open].map((path) => (statSync(path).mode & 0o777).toString(8));
    expect(modes).toEqual(["711", "700", "700", "711", "711", "700"]);
  },
);
