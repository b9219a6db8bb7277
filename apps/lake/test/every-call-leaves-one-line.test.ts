import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AccessLog } from "../src/access/access-log.ts";
import { DayFile } from "../src/access/day-file.ts";
import type { Observation } from "../src/access/observation.ts";
import { TestLake, account, entry } from "./test-lake.ts";

type Line = Readonly<Record<string, unknown>>;

let lake: TestLake;
let storeArn: string;
let channelArn: string;
beforeAll(async () => {
  lake = await TestLake.start();
  storeArn = await lake.store();
  channelArn = await lake.channel([storeArn]);
});
afterAll(() => lake.close());

function lines(data: string): readonly Line[] {
  const directory = join(data, "access");
  return readdirSync(directory)
    .toSorted()
    .flatMap((name) => readFileSync(join(directory, name), "utf8").split("\n"))
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

async function linesOf(work: () => Promise<unknown>): Promise<readonly Line[]> {
  const before = lines(lake.data).length;
  await work();
  return lines(lake.data).slice(before);
}

test("a control call leaves one line before it is answered, its files the owner's alone", async () => {
  const [line, ...more] = await linesOf(() => lake.control("GetChannel", { Channel: channelArn }));
  expect(more).toEqual([]);
  expect(line).toMatchObject({
    operation: "GetChannel",
    outcome: "Success",
    status: 200,
    accountId: account,
    principal: `arn:aws:iam::${account}:user/admin`,
    accessKeyId: lake.admin.accessKeyId,
    sourceIp: "127.0.0.1",
    durationMs: expect.any(Number),
  });
  expect(line!["resources"]).toContain(channelArn);
  const directory = join(lake.data, "access");
  for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
});

test("a query leaves its statement, its stores and its id", async () => {
  const QueryStatement = `SELECT count(*) FROM ${storeArn.split("/")[1]!}`;
  let queryId: unknown;
  const [line] = await linesOf(async () => {
    queryId = (await lake.control("StartQuery", { QueryStatement })).json["QueryId"];
  });
  expect(line).toMatchObject({ statement: QueryStatement, eventDataStores: [storeArn.split("/")[1]], queryId });
});

test("every refusal leaves one line with its class; an accepted PutAuditEvents leaves none", async () => {
  expect(await linesOf(() => lake.put(channelArn, [entry("a")]))).toEqual([]);
  const stranger = { accessKeyId: "TRIBAAAAAAAAAAAAAAAA", secretAccessKey: "x" };
  const refused: readonly [() => Promise<unknown>, object][] = [
    [() => lake.put(channelArn, []), { operation: "PutAuditEvents", outcome: "ValidationException" }],
    [
      () => lake.control("GetChannel", {}, { key: stranger }),
      { operation: "GetChannel", outcome: "InvalidSignatureException" },
    ],
    [() => lake.control("GetChannel", {}, { unsigned: true }), { outcome: "MissingAuthenticationToken" }],
    [() => lake.control('Nonsense" {', {}), { operation: "Unknown", outcome: "UnknownOperationException" }],
    [() => lake.control("GetTrail", {}), { operation: "GetTrail", outcome: "UnsupportedOperationException" }],
    [() => lake.send({ method: "GET", path: '/x"y' }), { operation: "Unknown", status: 404 }],
  ];
  for (const [work, expected] of refused) {
    const found = await linesOf(work);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject(expected);
  }
});

test("what a caller writes makes no line of its own, and no secret is in any", async () => {
  const Name = 'x"}\n{"operation":"Forged"}\u2028\r\n';
  const found = await linesOf(() => lake.control("CreateEventDataStore", { Name }));
  expect(found).toHaveLength(1);
  expect(found[0]!["operation"]).toBe("CreateEventDataStore");
  const text = JSON.stringify(lines(lake.data));
  expect(text).not.toContain(lake.admin.secretAccessKey);
  expect(text).not.toContain("Signature=");
});

const hasFullDevice = process.platform === "linux";
test.skipIf(!hasFullDevice)(
  "a disk that takes no line stops neither calls nor events, and the loss is told",
  async () => {
    const full = await TestLake.start();
    try {
      const directory = join(full.data, "access");
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory);
      for (const ahead of [0, 1])
        symlinkSync(
          "/dev/full",
          join(directory, `${new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10)}.ndjson`),
        );
      const channel = await full.channel([await full.store()]);
      expect((await full.put(channel, [entry("a")])).json).toMatchObject({ failed: [] });
      expect((await full.put(channel, [])).status).toBe(400);
      expect(full.faults.filter(({ event }) => event === "access-log-failed")).toHaveLength(1);
    } finally {
      await full.close();
    }
  },
);

function logIn(directory: string, days = 90, maxBytes?: number) {
  const time = { now: Date.parse("2026-03-10T23:59:59Z"), monotonic: 0 };
  const clock = { now: () => time.now, monotonic: () => time.monotonic };
  const entries: Line[] = [];
  const files = new DayFile(join(directory, "access"), maxBytes);
  const log = new AccessLog({ lines: files, days, clock, log: (told) => entries.push(told) });
  return { log, time, entries };
}
const refusal: Observation = {
  requestId: "r",
  operation: "PutAuditEvents",
  outcome: "InvalidSignatureException",
  status: 403,
  durationMs: 1,
  sourceIp: "192.0.2.1",
  note: {},
};

test("who is refused again and again fills no disk, and what is left out is counted", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tributary-access-"));
  const { log, time } = logIn(directory);
  for (let at = 0; at < 5000; at++) log.observe(refusal);
  expect(lines(directory)).toHaveLength(1000);
  log.observe({ ...refusal, operation: "GetChannel", note: { caller: { accountId: account, arn: "arn" } } });
  expect(lines(directory)).toHaveLength(1001);
  time.monotonic = 60_000;
  await log.tick();
  expect(lines(directory).at(-1)).toMatchObject({ event: "omitted", refusals: 4000 });
  await log.close();
  rmSync(directory, { recursive: true });
});

test("a file a day, kept for as many days as asked", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tributary-access-"));
  const { log, time } = logIn(directory, 2);
  for (let day = 0; day < 5; day++) {
    log.observe(refusal);
    time.now += 86_400_000;
    time.monotonic += 86_400_000;
    await log.tick();
  }
  expect(readdirSync(join(directory, "access")).toSorted()).toEqual(["2026-03-13.ndjson", "2026-03-14.ndjson"]);
  await log.close();
  rmSync(directory, { recursive: true });
});

test("whatever is written, with whatever restarts: its files take no more than was allowed, and the newest lines stay, whole", () => {
  const step = fc.record({
    length: fc.integer({ min: 1, max: 900 }),
    nextDay: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
    restart: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.constantFrom(1000, 4000, 1e9), (steps, maxBytes) => {
      const directory = mkdtempSync(join(tmpdir(), "tributary-access-"));
      try {
        let now = Date.parse("2026-03-10T12:00:00Z");
        let files = new DayFile(directory, maxBytes);
        const written: string[] = [];
        const trimmed = { files: 0, bytes: 0 };
        for (const { length, nextDay, restart } of steps) {
          if (nextDay) now += 86_400_000;
          if (restart) {
            files.close();
            files = new DayFile(directory, maxBytes);
          }
          const line = String(written.length).padEnd(length, ".");
          files.append(line, now);
          written.push(line);
          const gone = files.takeTrimmed();
          trimmed.files += gone?.files ?? 0;
          trimmed.bytes += gone?.bytes ?? 0;
          const sizes = readdirSync(directory).map((name) => statSync(join(directory, name)).size);
          expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(maxBytes);
        }
        files.close();
        const kept = readdirSync(directory)
          .toSorted((a, b) => a.slice(0, 10).localeCompare(b.slice(0, 10)) || numberIn(a) - numberIn(b))
          .flatMap((name) => readFileSync(join(directory, name), "utf8").trimEnd().split("\n"));
        expect(kept).toEqual(written.slice(written.length - kept.length));
        const bytes = written.slice(0, written.length - kept.length).reduce((sum, line) => sum + line.length + 1, 0);
        expect(trimmed.bytes).toBe(bytes);
      } finally {
        rmSync(directory, { recursive: true });
      }
    }),
    { numRuns: 100 },
  );
});

const numberIn = (name: string): number => Number(/\.(\d+)\.ndjson$/.exec(name)?.[1] ?? 1);

test("who is known and calls again and again fills no disk, and that lines went is told, in the log and in the file", async () => {
  const directory = mkdtempSync(join(tmpdir(), "tributary-access-"));
  const { log, entries } = logIn(directory, 90, 100_000);
  const call = { ...refusal, operation: "GetChannel", note: { caller: { accountId: account, arn: "arn" } } };
  for (let at = 0; at < 5000; at++) log.observe(call);
  const sizes = readdirSync(join(directory, "access")).map((name) => statSync(join(directory, "access", name)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(100_000);
  expect(sizes.length).toBeGreaterThan(10);
  expect(sizes.length).toBeLessThanOrEqual(17);
  expect(entries[0]).toMatchObject({ level: "warning", event: "access-log-trimmed", files: 1 });
  expect(lines(directory).filter(({ event }) => event === "trimmed").length).toBeGreaterThan(0);
  await log.close();
  rmSync(directory, { recursive: true });
});
