import {
  chmodSync,
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatVersion } from "../src/catalog/sqlite-schema.ts";
import { systemClock } from "../src/clock.ts";
import { type Examination, examine } from "../src/doctor/examine.ts";
import type { Finding } from "../src/doctor/finding.ts";
import { type Machine, thisMachine } from "../src/doctor/machine.ts";
import { lockDataDirectory, openDataDirectory } from "../src/serve/data-directory.ts";
import { TestLake, entry, run } from "./test-lake.ts";

const room: Machine = { ...thisMachine, fileSystem: () => ({ type: 0xef53, freeBytes: 1e12 }) };
const parent = mkdtempSync(join(tmpdir(), "tributary-doctor-"));
let made = 0;
let lake: TestLake;

/** A copy of a stopped lake with events in its journal. */
let sound: string;

beforeAll(async () => {
  lake = await TestLake.start();
  const channel = await lake.channel([await lake.store()]);
  await lake.put(channel, [entry("a"), entry("b")]);
  await lake.lake.close();
  sound = join(parent, "sound");
  cpSync(lake.data, sound, { recursive: true });
  chmodSync(sound, 0o700);
  await lake.serve();
});

afterAll(async () => {
  await lake.close();
  rmSync(parent, { recursive: true, force: true });
});

function copy(): string {
  const data = join(parent, `lake-${made++}`);
  cpSync(sound, data, { recursive: true });
  chmodSync(data, 0o700);
  return data;
}

/** Runs SQL in a stopped lake's catalog. */
function plant(data: string, sql: string): void {
  const db = new DatabaseSync(join(data, "catalog.sqlite"));
  db.exec(sql);
  db.close();
}

async function wrong(data: string, more: Partial<Examination> = {}): Promise<readonly Finding[]> {
  const findings = await examine({ data, childUser: "nobody", machine: room, clock: systemClock, ...more });
  for (const { verdict, fix } of findings) expect(fix === undefined).toBe(verdict === "ok");
  return findings.filter(({ verdict }) => verdict !== "ok");
}

function bytesOf(data: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(data, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(data, name)).isFile())
      .map((name) => [name, readFileSync(join(data, name)).toString("base64")]),
  );
}

test("a sound lake has nothing wrong, and is left as it is", async () => {
  const data = copy();
  const before = bytesOf(data);
  expect(await wrong(data)).toEqual([]);
  expect(bytesOf(data)).toEqual(before);
});

test("beside a lake that serves it says so, and compares the clocks", async () => {
  const { code, stdout } = await run(["doctor", "--data", lake.data, "--endpoint", lake.url, "--json"]);
  const findings = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Finding);
  expect(findings.find(({ check }) => check === "serving")?.found).toBe("a lake serves the directory");
  expect(findings.find(({ check }) => check === "endpoint")?.verdict).toBe("ok");
  expect(findings.filter(({ verdict }) => verdict === "fail")).toEqual([]);
  expect(code).toBe(0);
  const table = await run(["doctor", "--data", lake.data]);
  expect(table.code).toBe(0);
  expect(table.stdout).toMatch(/^ok {4}node {8,}Node \d/m);
});

test("a missing directory, a file and an empty directory are named, with exit code 1 and no stack", async () => {
  const file = join(parent, "file");
  writeFileSync(file, "");
  const empty = join(parent, "empty");
  mkdirSync(empty, { mode: 0o700 });
  for (const [data, check] of [
    [join(parent, "none"), "directory"],
    [file, "directory"],
    [empty, "catalog"],
  ] as const) {
    expect((await wrong(data)).map((one) => [one.check, one.verdict])).toEqual([[check, "fail"]]);
    const { code, stdout, stderr } = await run(["doctor", "--data", data]);
    expect(code).toBe(1);
    expect(stderr).toBe("");
    expect(stdout).toContain(`fail  ${check}`);
    expect(stdout).not.toMatch(/\n\s+at /);
  }
});

const faults: readonly [
  name: string,
  check: string,
  verdict: "warn" | "fail",
  data: (data: string) => void,
  more?: Partial<Examination>,
][] = [
  ["an old Node", "node", "fail", () => undefined, { machine: { ...room, nodeVersion: "22.15.9" } }],
  ["a directory for others", "directory", "fail", (data) => chmodSync(data, 0o750)],
  ["another user's directory", "directory", "fail", () => undefined, { machine: { ...room, uid: 4242 } }],
  [
    "a network file system",
    "file-system",
    "fail",
    () => undefined,
    { machine: { ...room, fileSystem: () => ({ type: 0x6969, freeBytes: 1e12 }) } },
  ],
  [
    "a directory in memory",
    "file-system",
    "warn",
    () => undefined,
    { machine: { ...room, fileSystem: () => ({ type: 0x01021994, freeBytes: 1e12 }) } },
  ],
  [
    "a full disk",
    "disk",
    "fail",
    () => undefined,
    { machine: { ...room, fileSystem: () => ({ type: 0xef53, freeBytes: 1e9 }) } },
  ],
  [
    "a nearly full disk",
    "disk",
    "warn",
    () => undefined,
    { machine: { ...room, fileSystem: () => ({ type: 0xef53, freeBytes: 1.5e9 }) } },
  ],
  ["another format", "catalog", "fail", (data) => plant(data, `PRAGMA user_version = ${formatVersion + 1}`)],
  ["no SQLite file", "catalog", "fail", (data) => writeFileSync(join(data, "catalog.sqlite"), "x".repeat(5000))],
  ["a lost table", "catalog", "fail", (data) => plant(data, "DROP TABLE journal")],
  [
    "a large journal",
    "journal",
    "warn",
    (data) =>
      plant(data, "INSERT INTO journal (store_id, events, size, created_at, bytes) VALUES ('s', 1, 2000000000, 1, '')"),
  ],
  [
    "a row of the future",
    "clock",
    "fail",
    (data) =>
      plant(
        data,
        `INSERT INTO journal (store_id, events, size, created_at, bytes) VALUES ('s', 1, 1, ${Date.now() + 3_600_000}, '')`,
      ),
  ],
  [
    "a commit of the future",
    "clock",
    "fail",
    (data) =>
      plant(
        data,
        `INSERT INTO store_head VALUES ('s', 1, 1, ''); INSERT INTO store_commit VALUES ('s', 1, 'drop', '', '', ${Date.now() + 3_600_000})`,
      ),
  ],
  ["no master key", "master-key", "fail", (data) => rmSync(join(data, "master.key"))],
  ["a master key for others", "master-key", "fail", (data) => chmodSync(join(data, "master.key"), 0o644)],
  [
    "another lake's master key",
    "master-key",
    "fail",
    (data) => writeFileSync(join(data, "master.key"), Buffer.alloc(32, 7).toString("base64")),
  ],
  ["no master key but text", "master-key", "fail", (data) => writeFileSync(join(data, "master.key"), "key")],
];

test.each(faults)("%s is found", async (_name, check, verdict, spoil, more) => {
  const data = copy();
  spoil(data);
  const found = await wrong(data, more);
  expect(found.map((one) => [one.check, one.verdict])).toEqual([[check, verdict]]);
});

test("a journal that waits for long, or is large, is found where a lake serves", async () => {
  for (const [events, verdict] of [
    [1, "warn"],
    [100_000_000, "fail"],
  ] as const) {
    const data = copy();
    plant(data, `INSERT INTO journal (store_id, events, size, created_at, bytes) VALUES ('s', ${events}, 1, 1, '')`);
    const release = lockDataDirectory(openDataDirectory(data));
    expect((await wrong(data)).map((one) => [one.check, one.verdict])).toEqual([["journal", verdict]]);
    release();
  }
});

test("what cannot be looked at is named too", async () => {
  const loop = join(parent, "loop");
  symlinkSync(loop, loop);
  expect((await wrong(loop)).map(({ check }) => check)).toEqual(["directory"]);
  const data = copy();
  rmSync(join(data, "catalog.sqlite"));
  symlinkSync(join(data, "catalog.sqlite"), join(data, "catalog.sqlite"));
  expect((await wrong(data)).map(({ check }) => check)).toEqual(["directory", "catalog"]);
});

test("a write-ahead log that nothing cuts back is found", async () => {
  const data = copy();
  const file = join(data, "catalog.sqlite-wal");
  closeSync(openSync(file, "w", 0o600));
  // Sparse. Its header is no log's, so that SQLite takes it for empty.
  truncateSync(file, 600 * 1024 ** 2);
  expect((await wrong(data)).map((one) => [one.check, one.verdict])).toEqual([["log", "warn"]]);
});

test.runIf(process.getuid?.() === 0)("as root a user of queries that is none is found", async () => {
  expect((await wrong(copy(), { childUser: "nobody-of-that-name" })).map(({ check }) => check)).toEqual(["child-user"]);
});

test("an endpoint with another clock, without one and without an answer is named", async () => {
  let date: string | undefined = new Date(Date.now() - 20 * 60_000).toUTCString();
  const server = createServer((_, response) => {
    response.sendDate = false;
    if (date !== undefined) response.setHeader("date", date);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const look = async (): Promise<unknown> =>
    (await wrong(sound, { endpoint })).map(({ check, verdict, found }) => [
      check,
      verdict,
      found.slice(endpoint.length + 1),
    ]);
  expect(await look()).toEqual([
    ["endpoint", "fail", "answers; this clock is 20 min ahead of it, and a signature may be 15 minutes off"],
  ]);
  date = new Date(Date.now() + 5 * 60_000).toUTCString();
  expect(await look()).toEqual([["endpoint", "warn", "answers; this clock is 5 min behind it"]]);
  date = undefined;
  expect(await look()).toEqual([["endpoint", "fail", "answers without its time"]]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await look()).toEqual([["endpoint", "fail", expect.stringContaining("does not answer")]]);
  expect((await run(["doctor", "--data", sound, "--endpoint", "lake"])).code).toBe(2);
});
