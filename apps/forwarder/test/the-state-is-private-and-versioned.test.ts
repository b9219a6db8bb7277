import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { decodeFrames, decodeResults, encodeFrames, encodeResults } from "../src/state/chunk-codec.ts";
import { eventSeconds } from "../src/state/event-seconds.ts";
import { integrationNumber } from "../src/state/integration-number.ts";
import { sentKey } from "../src/state/sent-key.ts";
import { joinStateFile, openStateFile, readStateFile } from "../src/state/sqlite-state.ts";
import { statePath } from "../src/state/state-path.ts";
import { scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

test("the state is where the command line says, else the environment, else home", () => {
  using place = scene();
  expect(statePath(place.directory, {})).toBe(join(place.directory, "forwarder.db"));
  expect(statePath(join(place.directory, "new"), {})).toBe(join(place.directory, "new", "forwarder.db"));
  expect(statePath(join(place.directory, "my.db"), {})).toBe(join(place.directory, "my.db"));
  expect(statePath(undefined, { TRIBUTARY_STATE: place.directory })).toBe(join(place.directory, "forwarder.db"));
  expect(statePath(undefined, {})).toBe(join(homedir(), ".tributary", "forwarder.db"));
});

test("directory 0700, files 0600, the write-ahead log too", async () => {
  using place = scene();
  const database = openStateFile(place.statePath);
  await integrationNumber(database, "a", "b");
  expect(statSync(dirname(place.statePath)).mode & 0o777).toBe(0o700);
  for (const suffix of ["", "-wal", "-shm"]) expect(statSync(place.statePath + suffix).mode & 0o777).toBe(0o600);
  await database.close();
});

test("commits are synced to stable storage: WAL, FULL", async () => {
  using place = scene();
  const database = openStateFile(place.statePath);
  expect(await database.get("PRAGMA journal_mode")).toEqual({ journal_mode: "wal" });
  expect(await database.get("PRAGMA synchronous")).toEqual({ synchronous: 2 });
  await database.close();
});

test("a state of a later version is refused and not touched", async () => {
  using place = scene();
  await openStateFile(place.statePath).close();
  const database = new DatabaseSync(place.statePath);
  database.exec("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  const before = readFileSync(place.statePath);
  expect(() => openStateFile(place.statePath)).toThrow(expect.objectContaining({ code: "STATE_TOO_NEW" }));
  expect(readFileSync(place.statePath).equals(before)).toBe(true);
});

test("a file of another program is refused and not touched, to be read or to be written", () => {
  using place = scene();
  const other = join(place.directory, "other.db");
  const database = new DatabaseSync(other);
  database.exec("CREATE TABLE chunk (id INTEGER)");
  database.close();
  for (const file of [other, place.write("tributary.yaml", "integrations: []\n".repeat(100))]) {
    const before = readFileSync(file);
    for (const open of [openStateFile, readStateFile, joinStateFile])
      expect(() => open(file)).toThrow(expect.objectContaining({ code: "STATE_FOREIGN" }));
    expect(readFileSync(file).equals(before)).toBe(true);
  }
});

test("frames and results come back as they were, byte for byte", () => {
  const frame = fc.record({
    bytes: fc.uint8Array({ maxLength: 200 }),
    offset: fc.nat(),
    occurrence: fc.nat(),
    tooLong: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 20 }), (frames) => {
      const back = decodeFrames(encodeFrames(frames)).map((one) => ({ ...one, bytes: Uint8Array.from(one.bytes) }));
      expect(back).toEqual(frames);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      const results = texts.map((eventData, n) => ({
        frame: n,
        result: { kind: "event", part: 0, id: "a", eventData, marks: [] } as const,
      }));
      expect(decodeResults(encodeResults(results))).toEqual(results);
    }),
  );
});

test("eventSeconds finds the top-level eventTime, whatever is around it", () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.json(),
      fc.integer({ min: 0, max: 4_000_000_000 }),
      fc.boolean(),
      (before, after, seconds, zone) => {
        const time = new Date(seconds * 1000).toISOString().slice(0, 19) + (zone ? "Z" : "");
        const text = `{"a":${before},"userIdentity":{"details":{"eventTime":"1999-01-01T00:00:00Z"}},"eventTime" : "${time}","b":${after}}`;
        expect(eventSeconds(text)).toBe(seconds);
      },
    ),
  );
  for (const none of [
    "{}",
    '{"eventTime":5}',
    '{"eventTime":"soon"}',
    '{"x":"\\"eventTime\\":\\"2026-01-01T00:00:00Z\\""}',
    "[",
    '{"',
    "",
  ])
    expect(eventSeconds(none)).toBe(0);
});

const key = (integration: number, channel: string, id: string, time: string) =>
  sentKey(integration, channel, id, `{"eventTime":"${time}"}`);

test("neighbours in time are neighbours in the ledger, apart by integration, channel and id", () => {
  const a = key(1, "c", "x", "2026-01-01T00:00:00Z");
  expect(a.length).toBe(16);
  expect(Buffer.compare(a, key(1, "c", "a", "2026-01-01T00:00:01Z"))).toBe(-1);
  expect(Buffer.compare(key(1, "c", "x", "2027-01-01T00:00:00Z"), key(2, "c", "x", "2025-01-01T00:00:00Z"))).toBe(-1);
  expect(a.equals(key(1, "d", "x", "2026-01-01T00:00:00Z"))).toBe(false);
  expect(a.equals(key(1, "c", "y", "2026-01-01T00:00:00Z"))).toBe(false);
});
