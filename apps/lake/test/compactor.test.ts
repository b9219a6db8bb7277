import { randomUUID } from "node:crypto";
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import * as fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import {
  type Compaction,
  compactionLimits,
  type CompactionLimits,
  compactStore,
} from "../src/compactor/compact-store.ts";
import { type JournalEvent, journalLine, packLines } from "../src/journal/journal-line.ts";
import type { Objects } from "../src/objects/objects.ts";
import { openStorageWorkshop } from "./storage-workshop.ts";

const dayMs = 86_400_000;
const start = Date.parse("2026-03-01T00:00:00Z");
const store = "5a1e0000-0000-4000-8000-000000000001";

let workshop: Awaited<ReturnType<typeof openStorageWorkshop>>;
let shredder: (typeof workshop)["shredder"];
let duckdb: (typeof workshop)["duckdb"];
let objects: (typeof workshop)["objects"];
let catalog: SqliteCatalog;

beforeAll(async () => {
  workshop = await openStorageWorkshop(2);
  ({ shredder, duckdb, objects } = workshop);
});
afterAll(() => workshop.close());
beforeEach(async () => {
  catalog = await workshop.openCatalog();
});
afterEach(() => catalog.close());

function uuid(text: string, time: number): string {
  const hex = (time / 1000).toString(16).padStart(8, "0").slice(0, 8) + createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function event(id: string, change: Partial<JournalEvent> = {}): JournalEvent {
  const eventtime = change.eventtime ?? start;
  return {
    eventid: uuid(id, eventtime),
    eventtime,
    ingestiontime: start + 1000,
    channelarn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/c",
    awsregion: "us-east-1",
    recipientaccountid: "111122223333",
    eventdata: JSON.stringify({
      version: "1.0",
      UID: id,
      userIdentity: { type: "User", principalId: "p" },
      eventName: "login",
    }),
    ...change,
  };
}

async function append(...events: readonly JournalEvent[]): Promise<void> {
  await catalog.append({
    generation: 1,
    entries: [{ storeId: store, events: events.length, bytes: packLines(events.map(journalLine)) }],
    ingestion: [],
    createdAt: 1,
  });
}

function compact(options: { retentionMs?: number; limits?: Partial<CompactionLimits> } = {}): Promise<Compaction> {
  return compactStore(
    { catalog, objects, shredder, clock: systemClock, newId: randomUUID },
    store,
    options.retentionMs,
    { ...compactionLimits, ...options.limits },
  );
}

async function table(columns: string): Promise<Record<string, unknown>[]> {
  const { files } = await catalog.snapshot(store);
  if (files.length === 0) return [];
  const paths = await Promise.all(files.map(({ path }) => objects.stage(path)));
  const list = paths.map((path) => `'${path}'`).join(", ");
  const reader = await duckdb.runAndReadAll(
    `SELECT ${columns} FROM read_parquet([${list}], hive_partitioning = false) ORDER BY eventid`,
  );
  return reader.getRowObjectsJson();
}

const texts = async (): Promise<unknown[]> => (await table("eventdata_text")).map((row) => row["eventdata_text"]);
const byId = (x: JournalEvent, y: JournalEvent): number => (x.eventid < y.eventid ? -1 : 1);

test("a row has the columns of Lake SQL, typed, beside the text as it was received", async () => {
  const eventdata = `{"version":"1.0", "userIdentity":{"type":"User","principalId":"p-1","details":{"role":"admin","n":1.10}},"userAgent":"curl","eventSource":"okta.system-log-events",
    "eventName":"login","eventTime":"2026-03-01T04:05:06Z","UID":"u-1","requestParameters":{"nested":{"a":[1,"two"]},"none":null},"responseElements":{},
    "errorCode":"E1","errorMessage":"no","sourceIPAddress":"192.0.2.7","recipientAccountId":"111122223333","additionalEventData":{"big":12345678901234567890,"é":"😀"},"unknown":true}`;
  const one = event("u-1", { eventtime: start + 14_706_789, eventdata });
  await append(one);
  expect(await compact()).toMatchObject({
    kind: "compacted",
    events: 1,
    stored: 1,
    duplicates: 0,
    expired: 0,
    unshredded: 0,
  });
  expect(await table("*")).toEqual([
    {
      eventversion: "1.0",
      eventcategory: "ActivityAuditLog",
      eventtype: "ActivityLog",
      eventid: one.eventid,
      eventtime: "2026-03-01 04:05:06.789+00",
      awsregion: "us-east-1",
      recipientaccountid: "111122223333",
      addendum: null,
      metadata: { ingestiontime: "2026-03-01T00:00:01", channelarn: one.channelarn },
      eventdata: {
        version: "1.0",
        useridentity: {
          type: "User",
          principalid: "p-1",
          details: [
            { key: "role", value: "admin" },
            { key: "n", value: "1.1" },
          ],
        },
        useragent: "curl",
        eventsource: "okta.system-log-events",
        eventname: "login",
        eventtime: "2026-03-01T04:05:06Z",
        uid: "u-1",
        requestparameters: [
          { key: "nested", value: '{"a":[1,"two"]}' },
          { key: "none", value: null },
        ],
        responseelements: [],
        errorcode: "E1",
        errormessage: "no",
        sourceipaddress: "192.0.2.7",
        recipientaccountid: "111122223333",
        additionaleventdata: [
          { key: "big", value: "12345678901234567890" },
          { key: "é", value: "😀" },
        ],
      },
      eventdata_text: eventdata,
    },
  ]);
});

test("an object is sealed, hashed and lies under its store and day, and the work directory is empty again", async () => {
  await append(event("a"), event("b", { eventtime: start + 5 }));
  await compact();
  const { files } = await catalog.snapshot(store);
  const bytes = await objects.get(files[0]!.path);
  expect(files).toEqual([
    {
      path: expect.stringMatching(new RegExp(`^tables/${store}/eventday=2026-03-01/[0-9a-f-]{36}\\.parquet$`)),
      storeId: store,
      eventDay: "2026-03-01",
      rows: 2,
      bytes: bytes.byteLength,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      minEventId: [uuid("a", start), uuid("b", start + 5)].toSorted()[0],
      maxEventId: [uuid("a", start), uuid("b", start + 5)].toSorted()[1],
      minEventTime: start,
      maxEventTime: start + 5,
    },
  ]);
  expect(statSync(await objects.stage(files[0]!.path)).mode & 0o777).toBe(0o444);
});

test("the text of every event is byte for byte what was received, whatever is in it", async () => {
  const json = fc
    .json({ maxDepth: 5, stringUnit: "grapheme" })
    .chain((text) =>
      fc.constantFrom(
        text,
        ` ${text}\n`,
        `{"additionalEventData":{"x":${text}}}`,
        `{"userIdentity":${text},"UID":${text}}`,
      ),
    );
  await fc.assert(
    fc.asyncProperty(fc.array(json, { minLength: 1, maxLength: 20 }), async (received) => {
      catalog = await workshop.openCatalog();
      const events = received.map((eventdata, n) => event(`e${n}`, { eventdata })).toSorted(byId);
      await append(...events);
      expect(await compact()).toMatchObject({ stored: events.length });
      expect(await texts()).toEqual(events.map(({ eventdata }) => eventdata));
      await catalog.close();
    }),
    { numRuns: 25 },
  );
  catalog = await workshop.openCatalog();
});

describe("duplicates", () => {
  test("within a batch the copy received first stays", async () => {
    await append(event("a", { ingestiontime: start + 9000 }), event("b"));
    await append(event("a", { ingestiontime: start + 2000 }), event("a", { ingestiontime: start + 5000 }));
    expect(await compact()).toMatchObject({ kind: "compacted", events: 4, stored: 2, duplicates: 2 });
    const rows = await table("eventid, metadata.ingestiontime AS at");
    expect(rows.find(({ eventid }) => eventid === uuid("a", start))).toEqual({
      eventid: uuid("a", start),
      at: "2026-03-01T00:00:02",
    });
  });

  test("a resend after a compaction is not stored again, and its row is gone from the journal", async () => {
    await append(event("a"), event("b"));
    await compact();
    await append(event("a"), event("c"), event("b"));
    expect(await compact()).toMatchObject({ stored: 1, duplicates: 2 });
    expect((await table("eventid")).map(({ eventid }) => eventid)).toEqual(
      [event("a"), event("b"), event("c")].map(({ eventid }) => eventid).toSorted(),
    );
    await append(event("a"));
    expect(await compact()).toMatchObject({ stored: 0, duplicates: 1 });
    expect(await compact()).toEqual({ kind: "idle", damaged: [] });
    expect(await catalog.counters(store)).toEqual({ stored: 3, duplicate: 3, expired: 0, unshredded: 0, purged: 0 });
  });
});

describe("a row that cannot be shredded", () => {
  const hostile = ["not json", '{"a":', '{"version":"\\ud800"}', "", '{"version":"1.0"}}'];

  test("keeps its text with typed columns null, wherever it stands among others", async () => {
    const good = Array.from({ length: 40 }, (_, n) => event(`good-${n}`));
    const bad = hostile.map((eventdata, n) => event(`bad-${n}`, { eventdata }));
    const all = [
      ...good.slice(0, 3),
      bad[0]!,
      ...good.slice(3, 20),
      bad[1]!,
      bad[2]!,
      ...good.slice(20),
      bad[3]!,
      bad[4]!,
    ];
    await append(...all);
    const outcome = await compact();
    expect(outcome).toMatchObject({ kind: "compacted", stored: all.length });
    const rows = await table("eventid, eventdata_text, eventdata IS NULL AS bare, eventdata.uid AS uid");
    expect(rows.map((row) => row["eventdata_text"])).toEqual([...all].toSorted(byId).map(({ eventdata }) => eventdata));
    const bare = new Set(rows.filter((row) => row["bare"]).map((row) => row["eventdata_text"]));
    expect(bare.has("not json") && bare.has('{"a":')).toBe(true);
    expect(outcome).toMatchObject({ unshredded: bare.size });
    expect(rows.filter((row) => String(row["uid"]).startsWith("good-"))).toHaveLength(40);
    expect((await catalog.counters(store)).unshredded).toBe(bare.size);
  });

  test("a lone surrogate, which has no bytes, blocks nothing", async () => {
    await append(event("a"), event("b", { eventdata: '{"version":"\ud800"}' }));
    expect(await compact()).toMatchObject({ stored: 2 });
    expect(new Set(await texts())).toEqual(new Set([event("a").eventdata, '{"version":"\ufffd"}']));
  });

  test("unparsed, a row of the journal is stored as its text alone, byte for byte", async () => {
    const events = [
      event("a"),
      event("b", { eventdata: '{"x" : "\\u0000é😀\\ud83d"}\n' }),
      event("c", { eventdata: "" }),
    ];
    await append(...events);
    const ports = { catalog, objects, shredder, clock: systemClock, newId: randomUUID };
    const unparsed = { ...ports, shredding: async () => ({ textOnly: true }) };
    expect(await compactStore(unparsed, store, undefined)).toMatchObject({ stored: 3, unshredded: 3 });
    await append(event("d"), event("a"));
    expect(await compact()).toMatchObject({ stored: 1, duplicates: 1, unshredded: 0 });
    const sorted = [...events, event("d")].toSorted(byId);
    expect(await texts()).toEqual(sorted.map(({ eventdata }) => eventdata));
    const rows = await table(
      "eventid, eventdata IS NULL AS bare, epoch_ms(eventtime) AS at, metadata.channelarn AS arn",
    );
    expect(rows).toEqual(
      sorted.map(({ eventid, eventtime, channelarn }) => ({
        eventid,
        bare: eventid !== event("d").eventid,
        at: String(eventtime),
        arn: channelarn,
      })),
    );
  });

  test("a damaged journal row stays for a person, and the rows after it do not wait", async () => {
    await append(event("a"));
    await catalog.append({
      generation: 1,
      entries: [{ storeId: store, events: 1, bytes: Buffer.from("damaged") }],
      ingestion: [],
      createdAt: 1,
    });
    await append(event("b"));
    expect(await compact()).toMatchObject({ kind: "compacted", stored: 2, damaged: [2] });
    expect(await compact()).toEqual({ kind: "idle", damaged: [2] });
    await append(event("c"));
    expect(await compact({ limits: { maxEvents: 1 } }), "even where a round has room for one row").toMatchObject({
      stored: 1,
    });
  });
});

test("an event older than its store's retention when received is counted, not stored", async () => {
  const old = { eventtime: start - 8 * dayMs };
  await append(event("old", old), event("edge", { eventtime: start + 1000 - 7 * dayMs }), event("new"));
  expect(await compact({ retentionMs: 7 * dayMs })).toMatchObject({ stored: 2, expired: 1 });
  expect(await catalog.counters(store)).toMatchObject({ stored: 2, expired: 1 });
});

describe("late rows", () => {
  test("rows of too many days stay for the next round", async () => {
    for (let day = 0; day < 5; day++) await append(event(`d${day}`, { eventtime: start - day * dayMs }));
    await append(event("again", { eventtime: start }));
    expect(await compact({ limits: { maxDays: 3 } })).toMatchObject({ stored: 4 });
    expect((await catalog.snapshot(store)).files.map(({ eventDay }) => eventDay)).toEqual([
      "2026-02-27",
      "2026-02-28",
      "2026-03-01",
    ]);
    expect(await compact({ limits: { maxDays: 3 } })).toMatchObject({ stored: 2 });
    expect(await compact()).toEqual({ kind: "idle", damaged: [] });
  });

  test("a single row of many days is taken whole, a file a day", async () => {
    await append(...Array.from({ length: 40 }, (_, n) => event(`d${n}`, { eventtime: start - n * dayMs })));
    expect(await compact({ limits: { maxDays: 32 } })).toMatchObject({ stored: 40 });
    expect((await catalog.snapshot(store)).files).toHaveLength(40);
  });

  test("rows appended while a compaction runs are left for the next", async () => {
    await append(event("a"));
    const pausing: Objects = {
      ...objects,
      put: async (path, content) => (await append(event("late")), await objects.put(path, content)),
    };
    expect(
      await compactStore(
        { catalog, objects: pausing, shredder, clock: systemClock, newId: randomUUID },
        store,
        undefined,
      ),
    ).toMatchObject({ stored: 1 });
    expect(await compact()).toMatchObject({ stored: 1, duplicates: 0 });
  });
});

test("a disk that refuses the file fails the compaction and changes nothing", async () => {
  await append(event("a"));
  const full: Objects = { ...objects, put: () => Promise.reject(new Error("ENOSPC: no space left on device")) };
  await expect(
    compactStore({ catalog, objects: full, shredder, clock: systemClock, newId: randomUUID }, store, undefined),
  ).rejects.toThrow("ENOSPC");
  expect((await catalog.snapshot(store)).files).toEqual([]);
  expect(await compact()).toMatchObject({ stored: 1 });
});
