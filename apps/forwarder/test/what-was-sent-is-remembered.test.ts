import { DatabaseSync } from "node:sqlite";
import { expect, test, vi } from "vitest";
import type { Sender } from "../src/delivery/sender.ts";
import { encodeFrames } from "../src/state/chunk-codec.ts";
import { SentLedger } from "../src/state/sent-ledger.ts";
import { sentKey } from "../src/state/sent-key.ts";
import type { StateDatabase } from "../src/state/state-database.ts";
import { preparePrivateFile } from "../src/state/state-path.ts";
import { instantClock } from "./support/instant-clock.ts";
import { channelArn, lines, scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

const dayMs = 86_400_000;
const sha = Buffer.alloc(8);
const keyOf = (id: string, at: number, integration = 1) =>
  sentKey(integration, channelArn, id, JSON.stringify({ eventTime: new Date(at).toISOString() }));
const taking: Sender = {
  send: async ({ auditEvents }) =>
    await Promise.resolve({ successful: auditEvents.map(({ id }) => ({ id, eventID: "e" })) }),
  close: () => undefined,
};

async function write(
  database: StateDatabase,
  ledger: SentLedger,
  sent: Parameters<SentLedger["write"]>[1],
  now: number,
): Promise<void> {
  const committed = await database.transaction((transaction) => ledger.write(transaction, sent, [], now));
  committed();
}

test("beyond its number of rows the oldest events are forgotten, in slices, and of no other integration", async () => {
  using place = scene();
  const database = place.state();
  const horizon = { days: 90, rows: 100 };
  const start = Date.UTC(2026, 0, 1);
  const other = new SentLedger(2, { days: 90, rows: 100 });
  await write(database, other, [{ key: keyOf("x", start - dayMs, 2), sha }], start);
  const all = Array.from({ length: 20_000 }, (_, n) => keyOf(`id-${n}`, start + n * 3_600_000));
  const now = start + 900 * dayMs;
  await write(
    database,
    new SentLedger(1, { days: 9000, rows: 1_000_000 }),
    all.map((key) => ({ key, sha })),
    now,
  );
  const count = async () => Number((await database.get("SELECT count(*) AS n FROM sent"))!["n"]);
  expect(await count()).toBe(20_001);
  const ledger = new SentLedger(1, horizon);
  await write(database, ledger, [], now);
  expect(await count()).toBe(15_001);
  for (let n = 0; n < 4; n++) await write(database, ledger, [], now);
  expect(await count()).toBe(101);
  const known = await ledger.getAll(database, all.slice(-101));
  expect(known.map((one) => one === undefined)).toEqual([true, ...Array<boolean>(100).fill(false)]);
  expect(await other.getAll(database, [keyOf("x", start - dayMs, 2)])).toEqual([new Uint8Array(8)]);
  expect(await database.get("SELECT sum(rows) AS n FROM sent_day WHERE integration = 1")).toEqual({ n: 100 });
  await database.close();
});

test("an event is remembered for 90 days after it was sent or met again, however old it is", async () => {
  using place = scene();
  const old = place.write(
    "old.jsonl",
    lines(50, () => ({ at: "2001-01-01T00:00:00Z" })),
  );
  const later = place.write(
    "new.jsonl",
    lines(50, (n) => ({ id: `new-${n}`, at: "2026-01-01T00:00:00Z" })),
  );
  const run = (day: number, file: string) =>
    place.run({ sender: taking, files: [file], clock: instantClock(Date.UTC(2026, 0, 2) + day * dayMs) });
  expect(await run(0, old)).toMatchObject({ delivered: 50 });
  expect(await run(80, old)).toMatchObject({ alreadyDelivered: 50 });
  expect(await run(160, later)).toMatchObject({ delivered: 50 });
  expect(await run(161, old)).toMatchObject({ alreadyDelivered: 50 }); // met on day 80
  expect(await run(249, later)).toMatchObject({ alreadyDelivered: 50 });
  expect(await run(252, old)).toMatchObject({ delivered: 50, balanced: true }); // met on day 161
});

test("what is sent under a known key is counted once", async () => {
  using place = scene();
  const database = place.state();
  const ledger = new SentLedger(1, { days: 90, rows: 100 });
  const key = keyOf("a", 0);
  for (const value of [1, 2, 3]) await write(database, ledger, [{ key, sha: Buffer.alloc(8, value) }], dayMs);
  // Twice in one transaction: what was sent last.
  const twice = [4, 5].map((value) => ({ key, sha: Buffer.alloc(8, value) }));
  await write(database, ledger, twice, dayMs);
  expect(await ledger.getAll(database, [key])).toEqual([new Uint8Array(8).fill(5)]);
  expect(await database.get("SELECT sum(rows) AS n FROM sent_day")).toEqual({ n: 1 });
  await database.close();
});

test("a state of version 1 is taken over: its queue is sent, what it sent is known", async () => {
  using place = scene();
  preparePrivateFile(place.statePath);
  const database = new DatabaseSync(place.statePath);
  database.exec(`
    CREATE TABLE integration (id INTEGER PRIMARY KEY, adapter TEXT NOT NULL, channel TEXT NOT NULL, UNIQUE (adapter, channel)) STRICT;
    CREATE TABLE cursor (integration INTEGER NOT NULL, source TEXT NOT NULL, position INTEGER NOT NULL, digest BLOB NOT NULL, received_at TEXT NOT NULL, done INTEGER NOT NULL, PRIMARY KEY (integration, source)) STRICT, WITHOUT ROWID;
    CREATE TABLE chunk (id INTEGER PRIMARY KEY, integration INTEGER NOT NULL, source TEXT NOT NULL, format TEXT NOT NULL, received_at TEXT NOT NULL, frames BLOB, results BLOB, open INTEGER NOT NULL) STRICT;
    CREATE INDEX chunk_open ON chunk (integration, id) WHERE open <> 0;
    CREATE TABLE progress (chunk INTEGER PRIMARY KEY, states BLOB NOT NULL) STRICT;
    CREATE TABLE receipt (id INTEGER PRIMARY KEY, integration INTEGER NOT NULL, request_id TEXT NOT NULL, events INTEGER NOT NULL, delivered INTEGER NOT NULL, refusal TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE TABLE exception (id INTEGER PRIMARY KEY, integration INTEGER NOT NULL, chunk INTEGER NOT NULL, record INTEGER NOT NULL, frame INTEGER NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, path TEXT NOT NULL, event_id TEXT, event_data TEXT, UNIQUE (chunk, record)) STRICT;
    CREATE TABLE original (chunk INTEGER NOT NULL, frame INTEGER NOT NULL, offset INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (chunk, frame)) STRICT, WITHOUT ROWID;
    CREATE TABLE sent (key BLOB PRIMARY KEY, sha BLOB NOT NULL) STRICT, WITHOUT ROWID;
    PRAGMA user_version = 1`);
  database.prepare("INSERT INTO integration VALUES (1, 'line', ?)").run(channelArn);
  const frames = lines(3)
    .trim()
    .split("\n")
    .map((line, n) => ({ bytes: Buffer.from(line), offset: n * 100, occurrence: 0, tooLong: false }));
  database
    .prepare("INSERT INTO chunk VALUES (1, 1, 'x', 'jsonl', '2026-01-01T00:00:00Z', ?, NULL, -1)")
    .run(encodeFrames(frames));
  database.prepare("INSERT INTO sent VALUES (?, ?)").run(keyOf("gone", Date.UTC(2026, 0, 1)), sha);
  database.close();
  expect(await place.run({ sender: taking })).toMatchObject({ read: 3, resumed: 3, delivered: 3, balanced: true });
  const after = place.database();
  expect(after.prepare("SELECT sum(rows) AS n FROM sent_day").get()).toEqual({ n: 4 });
  after.close();
});
