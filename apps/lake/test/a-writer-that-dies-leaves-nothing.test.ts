import { afterEach, beforeEach, expect, test } from "vitest";
import { sweep, sweepGrace } from "../src/care/sweep.ts";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { compactStore } from "../src/compactor/compact-store.ts";
import { mergeStore } from "../src/compactor/merge-store.ts";
import { purgeFile } from "../src/compactor/purge-file.ts";
import { rebuildStore } from "../src/compactor/rebuild-store.ts";
import { type JournalEvent, journalLine, packLines } from "../src/journal/journal-line.ts";
import { storeRecord } from "./catalog-contract.ts";
import { memoryObjects, memoryShredder, readTable, writeTable } from "./memory-tables.ts";

const store = "5a1e0000-0000-4000-8000-00000000000a";
const start = Date.parse("2026-05-01T12:00:00Z");
const clock = { now: () => now, monotonic: () => now };
let now: number;
let ids: number;
let catalog: SqliteCatalog;
let objects: ReturnType<typeof memoryObjects>;
beforeEach(async () => {
  [now, ids] = [start, 0];
  catalog = await openSqliteCatalog({ file: ":memory:", clock });
  objects = memoryObjects();
  await catalog.changeControl(1, [{ kind: "putStore", store: storeRecord(store) }]);
});
afterEach(() => catalog.close());

class Death extends Error {}

/** Ports of a writer; one that dies does so when its object is written, before it is told so. */
function ports(dies: boolean) {
  const put: typeof objects.put = async (path, content) => {
    await objects.put(path, content instanceof Uint8Array ? content : Buffer.from(content.file));
    if (dies) throw new Death();
  };
  return {
    catalog,
    objects: { ...objects, put },
    shredder: memoryShredder(objects),
    clock,
    newId: () => `id-${ids++}`,
    rebuild: async (path: string) => {
      const { rows, bytes, sha256 } = writeTable(readTable(objects.stored.get(path)!));
      return { changed: rows, written: { rows, bytes, sha256, content: { file: "written anew" } } };
    },
  };
}

const event = (n: number): JournalEvent => ({
  eventid: `00000000-0000-8000-8000-00000000000${n}`,
  eventtime: start,
  ingestiontime: start,
  channelarn: "c",
  awsregion: "us-east-1",
  recipientaccountid: "111122223333",
  eventdata: `{"UID":"${n}"}`,
});

async function append(...numbers: readonly number[]): Promise<void> {
  const entry = { storeId: store, events: numbers.length, bytes: packLines(numbers.map((n) => journalLine(event(n)))) };
  await catalog.append({ generation: 2, entries: [entry], ingestion: [], createdAt: now });
}

/** What waits is in a file of its own. */
const compacted = async () => expect((await compactStore(ports(false), store, undefined)).kind).toBe("compacted");

const writers: Readonly<
  Record<string, { readonly prepare: () => Promise<void>; readonly write: () => Promise<unknown> }>
> = {
  "a compaction": {
    prepare: () => append(1, 2),
    write: () => compactStore(ports(true), store, undefined),
  },
  "a merge": {
    prepare: async () => {
      await append(1);
      await compacted();
      await append(2);
      await compacted();
    },
    write: () => mergeStore(ports(true), store, { tiers: [1e6], fanIn: 2, maxFiles: 4, maxBytes: 1e6, maxRows: 1000 }),
  },
  "a purge of an event": {
    prepare: async () => {
      await append(1, 2);
      await compacted();
      const order = { purgeId: "p", storeId: store, eventIds: [event(1).eventid], createdAt: now };
      expect(await catalog.orderEventPurge(order)).toBe(true);
    },
    write: () => purgeFile(ports(true), store, new Set()),
  },
  "a rebuild": {
    prepare: async () => {
      await append(1, 2);
      await compacted();
    },
    write: () => rebuildStore(ports(true), store),
  },
};

test.for(Object.entries(writers))(
  "%s announces its file before it writes it: dead at that moment, it leaves nothing that is not swept",
  async ([, { prepare, write }]) => {
    await prepare();
    const { files } = await catalog.snapshot(store);
    await expect(write()).rejects.toThrow(Death);
    expect(objects.stored.size).toBe(files.length + 1);
    now += sweepGrace.intentMs;
    // It may yet come back within the grace.
    expect(await sweep({ catalog, objects, clock })).toBe(0);
    now += 1;
    expect(await sweep({ catalog, objects, clock })).toBe(1);
    expect([...objects.stored.keys()].toSorted()).toEqual(files.map(({ path }) => path).toSorted());
  },
);
