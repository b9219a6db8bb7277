import * as fc from "fast-check";
import { expect, test } from "vitest";
import { requeue } from "../../src/pipeline/requeue.ts";
import { askReplay } from "../../src/state/ask-replay.ts";
import { Backfills } from "../../src/state/backfills.ts";
import { DeadLetters } from "../../src/state/dead-letters.ts";
import { compressOriginal, decodeFrames, encodeFrames } from "../../src/state/chunk-codec.ts";
import { differencesOf } from "../../src/state/differences-of.ts";
import { discardLetters } from "../../src/state/discard-letters.ts";
import { foldSettled } from "../../src/state/fold-settled.ts";
import { integrationNumbers } from "../../src/state/integration-numbers.ts";
import { integrationNumber } from "../../src/state/integration-number.ts";
import { IntegrationStore } from "../../src/state/integration-store.ts";
import { RecordEnds } from "../../src/state/record-ends.ts";
import { sentKey } from "../../src/state/sent-key.ts";
import type { StateDatabase } from "../../src/state/state-database.ts";
import { stateReport } from "../../src/state/state-report.ts";
import { type Changes, states } from "../../src/state/store.ts";
import { channelArn } from "./scene.ts";
import toy from "./toy-adapter.ts";

const receivedAt = "2026-01-01T00:00:00.000Z";
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const frames = (count: number) =>
  encodeFrames(
    Array.from({ length: count }, (_, n) => ({ bytes: bytes(`r${n}`), offset: n * 10, occurrence: 0, tooLong: false })),
  );
const spooled = (id: number, count: number) => ({
  id,
  source: "poll",
  format: "jsonl",
  receivedAt,
  frames: frames(count),
  count,
  offsets: [0, (count - 1) * 10] as const,
});
/** A record that died, of the chunk's frame of the same number. */
const died = (chunk: number, record: number) => ({
  chunk,
  record,
  frame: record,
  kind: "dead" as const,
  code: "NO",
  message: "It is refused.",
  path: "/a",
  eventId: `e${record}`,
  eventData: "{}",
  part: 0,
  parts: 1,
  offset: record * 10,
  at: 1000,
  attempts: 1,
  replays: 0,
});
const horizon = { now: 2000, rememberDays: 1, droppedDays: 1, droppedRecords: 1000 };
const plain = (value: Uint8Array | undefined) => value && [...value];

const storeIn = async (database: StateDatabase, integration = "a") =>
  new IntegrationStore(database, await integrationNumber(database, "toy", channelArn, integration));

async function allOf(some: AsyncIterable<object>): Promise<readonly object[]> {
  const all: object[] = [];
  for await (const one of some) all.push(one);
  return all;
}

/** What every state must do, whichever database it is in. @param open the same new, empty state each time it is called within one test */
export function stateContract(
  name: string,
  begin: () => { readonly open: () => Promise<StateDatabase>; readonly end: () => Promise<void> },
): void {
  const holds = (promise: string, body: (open: () => Promise<StateDatabase>) => Promise<void>) =>
    // oxlint-disable-next-line vitest/expect-expect -- the body has them
    test(`${name}: ${promise}`, async () => {
      const { open, end } = begin();
      const opened: StateDatabase[] = [];
      try {
        await body(async () => {
          const database = await open();
          opened.push(database);
          return database;
        });
      } finally {
        for (const database of opened) await database.close();
        await end();
      }
    });
  holds("an integration keeps its number; another name, adapter or channel has another", async (open) => {
    const database = await open();
    const numbers = [
      await integrationNumber(database, "toy", channelArn, "a"),
      await integrationNumber(database, "toy", channelArn, "b"),
      await integrationNumber(database, "toy", `${channelArn}2`, "a"),
      await integrationNumber(database, "okta", channelArn, "a"),
      await integrationNumber(database, "toy", channelArn),
    ];
    expect(new Set(numbers).size).toBe(5);
    expect(await integrationNumber(database, "toy", channelArn, "a")).toBe(numbers[0]);
    const many = await Promise.all(Array.from({ length: 20 }, () => integrationNumber(database, "toy", "c", "new")));
    expect(new Set(many).size).toBe(1);
  });

  holds("destinations come, go and are renamed: each keeps its number, and the sources keep theirs", async (open) => {
    const database = await open();
    const [x, y, z] = ["x", "y", "z"].map((to) => ({ name: to, arn: `${channelArn}-${to}` }));
    const numbersOf = (...destinations: { readonly name: string; readonly arn: string }[]) =>
      integrationNumbers(database, { name: "a", adapter: { name: "toy" }, destinations });
    const first = await numbersOf({ name: "", arn: x!.arn });
    expect(first.destinations).toEqual([first.intake]);
    const both = await numbersOf(y!, x!);
    expect(both).toMatchObject({ intake: first.intake, destinations: [expect.any(Number), first.intake] });
    const renamed = await numbersOf({ ...y!, name: "new" }, z!);
    expect(renamed.intake).toBe(first.intake);
    expect(renamed.destinations[0]).toBe(both.destinations[0]);
    const reports = (await stateReport(database)).map(({ destination }) => destination);
    expect(reports.toSorted()).toEqual(["new", "x", "z"]);
    const many = await Promise.all(Array.from({ length: 10 }, () => numbersOf(x!, y!, z!)));
    expect(new Set(many.map((numbers) => JSON.stringify(numbers))).size).toBe(1);
  });

  holds("a chunk for several destinations: frames once, a queue for each, freed with the last", async (open) => {
    const database = await open();
    const plan = {
      name: "a",
      adapter: { name: "toy" },
      destinations: ["x", "y", "z"].map((to) => ({ name: to, arn: `${channelArn}-${to}` })),
    };
    const { intake, destinations } = await integrationNumbers(database, plan);
    const store = new IntegrationStore(database, intake, undefined, { destinations });
    const id = await store.nextChunk();
    const overlong = [{ position: 5, bytes: bytes("beyond") }];
    await store.commit({ overlong });
    await store.commit({
      spool: [spooled(id, 2)],
      overlongOf: [{ chunk: id, frame: 1, from: 5, end: 11 }],
      overlongDone: 11,
    });
    const count = async (table: string) => Number((await database.get(`SELECT count(*) AS n FROM ${table}`))?.["n"]);
    expect([
      await count("spool"),
      await count("chunk"),
      await count("overlong"),
      await count("overlong_intake"),
    ]).toEqual([1, 3, 3, 0]);
    for (const [index, number] of destinations.entries()) {
      const own = new IntegrationStore(database, number);
      const [chunk] = await own.openChunks(0, 10);
      expect(await own.sources.backlog()).toBe(2);
      const stored = (await own.chunk(chunk!))!;
      expect(plain(stored.frames)).toEqual(plain(frames(2)));
      await own.commit({ mapped: [{ chunk: chunk!, results: bytes("r"), states: new Uint8Array(2), open: 2 }] });
      const settled = Uint8Array.of(states.delivered, states.delivered);
      await own.commit({ progress: [{ chunk: chunk!, states: settled, open: 0 }] });
      expect(await own.openChunks(0, 10)).toEqual([]);
      expect([await count("spool"), await count("mapped")]).toEqual([index < 2 ? 1 : 0, 0]);
      await foldSettled(database, horizon);
    }
    for (const report of await stateReport(database)) {
      expect(report.counts).toMatchObject({ read: 2, delivered: 2, queued: 0 });
      expect(differencesOf(report)).toEqual([]);
    }
  });

  holds("a read comes in its turn, also where something is always being written", async (open) => {
    const store = await storeIn(await open());
    const receipts = [{ requestId: "r", events: 1, delivered: 1, refusal: "", at: 1 }];
    let written = 0;
    const end = new AbortController();
    const writer = async () => {
      while (!end.signal.aborted && written < 300) {
        await store.commit({ receipts });
        written++;
      }
    };
    const writers = [writer(), writer(), writer()];
    await store.commit({ receipts });
    await store.openChunks(0, 10);
    end.abort();
    await Promise.all(writers);
    expect(written).toBeLessThan(300);
  });

  holds("what is committed comes back as it was, a chunk until all its records are settled", async (open) => {
    const database = await open();
    const store = await storeIn(database);
    const id = await store.nextChunk();
    const cursor = { source: "/var/log/✓ é", position: 2 ** 40, digest: bytes("digest"), receivedAt, done: false };
    await store.commit({ spool: [spooled(id, 3)], cursors: [cursor] });
    const back = await store.cursor(cursor.source);
    expect({ ...back, digest: plain(back?.digest) }).toEqual({ ...cursor, digest: plain(cursor.digest) });
    expect(await store.openChunks(0, 100)).toEqual([id]);
    expect(await store.sources.backlog()).toBe(3);
    const chunk = (await store.chunk(id))!;
    const unmapped = {
      id,
      source: "poll",
      format: "jsonl",
      count: 3,
      offsets: [0, 20],
      receivedAt,
      results: undefined,
      states: undefined,
    };
    expect({ ...chunk, frames: plain(chunk.frames) }).toEqual({ ...unmapped, frames: plain(frames(3)) });
    const results = bytes("results");
    await store.commit({ mapped: [{ chunk: id, results, states: new Uint8Array(3), open: 3 }] });
    expect(plain((await store.chunk(id))?.results)).toEqual(plain(results));
    const settled = Uint8Array.of(states.delivered, states.queued, states.dropped);
    await store.commit({ progress: [{ chunk: id, states: settled, open: 1 }], cursors: [{ ...cursor, done: true }] });
    expect([plain(await store.states(id)), await store.sources.backlog()]).toEqual([[1, 0, 5], 1]);
    expect(await store.cursor(cursor.source)).toMatchObject({ done: true });
    await store.commit({ progress: [{ chunk: id, states: Uint8Array.of(1, 1, 5), open: 0 }] });
    expect([await store.openChunks(0, 100), await store.chunk(id), plain(await store.states(id))]).toEqual([
      [],
      undefined,
      [1, 1, 5],
    ]);
    const other = await storeIn(database, "b");
    expect([await other.cursor(cursor.source), await other.openChunks(0, 100)]).toEqual([undefined, []]);
  });

  holds("numbers of chunks are never given twice, to nobody", async (open) => {
    const [one, two] = [await open(), await open()];
    const store = await storeIn(one);
    const numbers = await Promise.all(Array.from({ length: 2500 }, () => store.nextChunk()));
    if (two.leases !== undefined)
      numbers.push(...(await Promise.all(Array.from({ length: 1200 }, () => two.nextChunk()))));
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  holds("a transaction that throws leaves nothing, and those that were written with it are there", async (open) => {
    const database = await open();
    const store = await storeIn(database);
    const work = Array.from({ length: 30 }, async (_, n) => {
      const id = await store.nextChunk();
      // Every third one fails: its second chunk has the number of its first.
      const spool = n % 3 === 0 ? [spooled(id, 1), spooled(id, 1)] : [spooled(id, 1)];
      await store.commit({ spool });
      return id;
    });
    const ends = await Promise.allSettled(work);
    expect(ends.map(({ status }) => status)).toEqual(ends.map((_, n) => (n % 3 === 0 ? "rejected" : "fulfilled")));
    const kept = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
    expect(await store.openChunks(0, 100)).toEqual(kept.toSorted((a, b) => a - b));
    expect(await database.get("SELECT count(*) AS n FROM spool")).toEqual({ n: 20 });
  });

  holds("whoever reads beside a commit sees all of it or nothing", async (open) => {
    const database = await open();
    const store = await storeIn(database);
    const seen: boolean[] = [];
    const over = new AbortController();
    const reader = (async () => {
      while (!over.signal.aborted) {
        const row = await database.get("SELECT (SELECT count(*) FROM chunk) - (SELECT count(*) FROM spool) AS gap");
        seen.push(Number(row?.["gap"]) === 0);
      }
    })();
    for (let n = 0; n < 30; n++) await store.commit({ spool: [spooled(await store.nextChunk(), 1)] });
    over.abort();
    await reader;
    expect(new Set(seen)).toEqual(new Set([true]));
  });

  holds("what was sent is known, the last bytes of a key, and counted once", async (open) => {
    const database = await open();
    const store = await storeIn(database);
    const model = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 255 })), { maxLength: 60 }),
        fc.array(fc.nat({ max: 60 }), { maxLength: 20 }),
        async (sent, asked) => {
          const key = (n: number) => {
            const made = Buffer.alloc(16);
            made.writeUInt32BE(store.integration, 0);
            made.writeUInt32BE((n % 5) * 86_400, 4);
            made.writeUInt32BE(n, 8);
            return new Uint8Array(made);
          };
          await store.commit({
            at: Date.UTC(2026, 0, 1),
            sent: sent.map(([n, value]) => ({ key: key(n), sha: new Uint8Array(8).fill(value), receipt: 0 })),
            met: asked.map(key),
          });
          for (const [n, value] of sent) model.set(n, value);
          const known = await store.sentAll(asked.map(key));
          expect(known.map((sha) => sha?.[0])).toEqual(asked.map((n) => model.get(n)));
          expect(await database.get("SELECT coalesce(sum(rows), 0) AS n FROM sent_day")).toEqual({ n: model.size });
        },
      ),
      { numRuns: 25 },
    );
  });

  holds("a poller's place and its page are one; it stays with the name", async (open) => {
    const database = await open();
    const store = await storeIn(database);
    const first = { reads: "x", since: receivedAt, cursor: undefined, at: 5 };
    await store.commit({ polled: first });
    expect(await store.sources.polled("x")).toEqual(first);
    const next = { ...first, cursor: '{"v":"✓"}', at: Date.UTC(2026, 0, 1) };
    await store.commit({ polled: next, spool: [spooled(await store.nextChunk(), 2)] });
    expect([await store.sources.polled("x"), await store.sources.polled("y")]).toEqual([next, undefined]);
    const moved = new IntegrationStore(database, await integrationNumber(database, "toy", `${channelArn}2`, "a"));
    expect(await moved.sources.polled("x")).toEqual(next);
  });

  holds("a delivery is stored once, and forgotten after its time", async (open) => {
    const store = await storeIn(await open());
    const deliver = async (keys: readonly string[], at: number, forget: number) =>
      await store.commit({ spool: [spooled(await store.nextChunk(), 1)], replays: { keys, at, forget } });
    await deliver(["a", "b"], 1000, 0);
    expect([...(await store.sources.replayed(["a", "c", "b"], 0))]).toEqual(["a", "b"]);
    await expect(deliver(["c", "a"], 1001, 0)).rejects.toMatchObject({ code: "DELIVERY_KNOWN" });
    expect(await store.openChunks(0, 100)).toHaveLength(1);
    expect([...(await store.sources.replayed(["c"], 0))]).toEqual([]);
    await deliver(["a"], 2000, 1000);
    expect([...(await store.sources.replayed(["a", "b"], 1000))]).toEqual(["a"]);
  });

  holds(
    "dead letters have their bytes, piece by piece where they are long, and stay when their chunk is folded",
    async (open) => {
      const database = await open();
      const store = await storeIn(database);
      const id = await store.nextChunk();
      const pieces = Array.from({ length: 5 }, (_, n) => ({ position: n * 100, bytes: new Uint8Array(100).fill(n) }));
      for (const piece of pieces) await store.commit({ overlong: [piece] });
      const message = `It has a NUL \0 and "quotes" ${"é".repeat(30)}`;
      const changes: Changes = {
        spool: [spooled(id, 2)],
        overlongOf: [{ chunk: id, frame: 1, from: 150, end: 420 }],
        overlongDone: 1000,
        mapped: [{ chunk: id, results: bytes("x"), states: Uint8Array.of(1, 4), open: 0 }],
        exceptions: [{ ...died(id, 1), message }],
        originals: [
          {
            chunk: id,
            frame: 1,
            offset: 77,
            occurrence: 3,
            about: undefined,
            bytes: compressOriginal(bytes("original")),
          },
        ],
        receipts: [{ requestId: "r", events: 2, delivered: 1, refusal: "", at: 5 }],
      };
      await store.commit(changes);
      const check = async () => {
        const letters = new DeadLetters(database);
        const all = [];
        for await (const letter of letters.all()) all.push(letter);
        expect(all).toMatchObject([
          { adapter: "toy", channelArn, source: "poll", offset: 77, code: "NO", eventId: "e1" },
        ]);
        const one = (await letters.one(all[0]!.id))!;
        expect([Buffer.from((await letters.original(one.id))!.bytes).toString(), one.eventData]).toEqual([
          "original",
          "{}",
        ]);
        const rest: Uint8Array[] = [];
        for await (const piece of letters.rest(one.id)) rest.push(piece);
        const whole = Buffer.concat(pieces.map((piece) => piece.bytes)).subarray(150, 420);
        expect(Buffer.concat(rest).equals(whole)).toBe(true);
        expect(await letters.restBytes(one.id)).toBe(270);
      };
      await check();
      const before = await stateReport(database);
      expect(before).toMatchObject([{ name: "a", counts: { read: 2, delivered: 1, dead: 1, queued: 0 }, unmapped: 0 }]);
      expect(await foldSettled(database, horizon)).toBe(false);
      expect(await stateReport(database)).toEqual(before);
      await check();
      const more = await store.nextChunk();
      await store.commit({ spool: [spooled(more, 1)] });
      await store.commit({ mapped: [{ chunk: more, results: bytes("x"), states: Uint8Array.of(2), open: 0 }] });
      await foldSettled(database, horizon);
      expect(await stateReport(database)).toMatchObject([{ counts: { read: 3, delivered: 1, already: 1, dead: 1 } }]);
    },
  );

  holds(
    "dead letters that are asked for go back into the queue, and discarded ones are dropped: the sum holds",
    async (open) => {
      const database = await open();
      const store = await storeIn(database);
      const id = await store.nextChunk();
      await store.commit({
        spool: [spooled(id, 4)],
        mapped: [{ chunk: id, results: bytes("x"), states: Uint8Array.of(4, 4, 4, 5), open: 0 }],
        exceptions: [...[0, 1, 2].map((n) => died(id, n)), { ...died(id, 3), kind: "dropped", code: "noise" }],
        originals: [0, 1, 2].map((frame) => ({
          chunk: id,
          frame,
          offset: frame * 10,
          occurrence: frame,
          about: { peer: "192.0.2.1" },
          bytes: compressOriginal(bytes(`r${frame}`)),
        })),
      });
      const check = async (counts: object) => {
        const [report] = await stateReport(database);
        expect(report).toMatchObject({ counts });
        expect(differencesOf(report!)).toEqual([]);
      };
      await check({ dead: 3, dropped: 1 });
      const [one, two, three] = (await database.all("SELECT id FROM exception ORDER BY id")).map((row) =>
        Number(row["id"]),
      );
      const letters = new DeadLetters(database);
      expect(
        await letters.counts({ since: 1000, until: 1001, reason: "NO", integration: "a", channelArn }),
      ).toMatchObject([{ integration: "a", code: "NO", count: 3, asked: 0, first: 1000, last: 1000 }]);
      expect([
        await askReplay(database, { ids: [one!, two!] }, 5),
        await askReplay(database, { ids: [one!, two!] }, 6),
      ]).toEqual([2, 0]);
      expect(await discardLetters(database, { integration: "a" }, "By a test.", 7)).toBe(1);
      await check({ dead: 2, dropped: 2 });
      expect(await letters.original(three!)).toBeUndefined();
      expect(await letters.one(one!)).toMatchObject({ asked: 5 });
      await foldSettled(database, horizon);
      await check({ dead: 2, dropped: 2 });
      expect(await requeue(store, toy, 1000)).toBe(2);
      expect(await requeue(store, toy, 1000)).toBe(0);
      await check({ read: 2, dead: 0, dropped: 2 });
      expect(await database.size()).toBeGreaterThan(1000);
      const [chunk] = await store.openChunks(0, 10);
      const stored = (await store.chunk(chunk!))!;
      expect(stored).toMatchObject({ source: "poll", format: "jsonl", receivedAt });
      expect(decodeFrames(stored.frames)).toMatchObject([
        { offset: 0, occurrence: 0, about: { peer: "192.0.2.1" }, again: { attempts: 1, replays: 1 } },
        { offset: 10, occurrence: 1 },
      ]);
      expect(await database.all("SELECT * FROM asked")).toEqual([]);
      expect(await database.all("SELECT * FROM original")).toEqual([]);
    },
  );

  holds("the ledger finds an event, a record and what ended in a time, as far as the state remembers", async (open) => {
    const database = await open();
    const store = await storeIn(database);
    const id = await store.nextChunk();
    const eventData = '{"eventTime":"2026-01-01T00:00:00Z"}';
    await store.commit({ spool: [spooled(id, 2)] });
    await store.commit({
      mapped: [{ chunk: id, results: bytes("x"), states: Uint8Array.of(1, 4), open: 0 }],
      receipts: [
        { requestId: "other", events: 1, delivered: 0, refusal: "", at: 900 },
        { requestId: "request", events: 2, delivered: 1, refusal: "", at: 1000 },
      ],
      at: 1000,
      sent: [{ key: sentKey(store.integration, channelArn, "e0", eventData), sha: new Uint8Array(8), receipt: 1 }],
      exceptions: [died(id, 1)],
      originals: [
        { chunk: id, frame: 1, offset: 10, occurrence: 0, about: undefined, bytes: compressOriginal(bytes("r1")) },
      ],
    });
    const ends = new RecordEnds(database, "a");
    const delivered = { end: "delivered", at: 1000, requestId: "request", eventTime: "2026-01-01T00:00:00.000Z" };
    expect(await allOf(ends.ofEvent("e0", undefined))).toMatchObject([delivered]);
    expect(await allOf(ends.ofEvent("e0", "2026-01-01T00:00:00Z"))).toMatchObject([delivered]);
    expect(await allOf(ends.ofEvent("e0", "2026-01-01T00:00:01Z"))).toEqual([]);
    expect(await allOf(ends.ofEvent("e1", undefined))).toMatchObject([{ end: "dead", code: "NO", offset: 10 }]);
    expect(await allOf(new RecordEnds(database, "b").ofEvent("e0", undefined))).toEqual([]);
    const counts = { counts: { delivered: 1, already: 0, changed: 0, dead: 1, dropped: 0 }, from: 0, to: 10 };
    expect(await allOf(ends.ofPlace("poll", 10))).toMatchObject([{ end: "dead" }, counts]);
    await foldSettled(database, horizon);
    expect(await allOf(ends.ofPlace("poll", 10))).toMatchObject([{ end: "dead" }, counts]);
    expect(await allOf(ends.ofPlace("poll", 11))).toEqual([]);
    expect(await allOf(ends.between(1000, 2001))).toMatchObject([{ end: "dead" }, { ...counts, at: 2000 }]);
    expect(await allOf(ends.between(0, 1000))).toEqual([]);
    const queued = await store.nextChunk();
    await store.commit({ spool: [{ ...spooled(queued, 2), source: "file" }] });
    expect(await allOf(ends.ofPlace("file", 10))).toMatchObject([{ end: "queued" }]);
  });

  holds("a backfill is asked for once, goes on where it was, and ends once", async (open) => {
    const database = await open();
    const store = await storeIn(database);
    const backfills = new Backfills(database);
    const request = { name: "a", adapter: "toy", reads: "x", since: receivedAt, until: undefined, files: [] };
    const asked = await backfills.ask(request, 5);
    expect(asked).toMatchObject({ ...request, state: "asked", pages: 0, cursor: undefined });
    expect((await backfills.ask(request, 6)).id).toBe(asked.id);
    expect((await backfills.ask({ ...request, until: receivedAt }, 6)).id).not.toBe(asked.id);
    expect(await backfills.next("a", "toy")).toMatchObject({ id: asked.id });
    expect(await backfills.next("b", "toy")).toBeUndefined();
    const step = { id: asked.id, cursor: '{"v":1}', frames: 2, at: 7 };
    await store.commit({ spool: [spooled(await store.nextChunk(), 2)], backfill: step });
    expect(await backfills.one(asked.id)).toMatchObject({ state: "running", pages: 1, frames: 2, cursor: '{"v":1}' });
    expect(await backfills.end(asked.id, "failed", 8, { code: "VENDOR_REFUSED", message: "no" })).toBe(true);
    await expect(store.commit({ spool: [spooled(await store.nextChunk(), 2)], backfill: step })).rejects.toThrow(
      "was cancelled",
    );
    expect(await store.openChunks(0, 10)).toHaveLength(1);
    expect(await backfills.ask(request, 9)).toMatchObject({
      id: asked.id,
      state: "asked",
      cursor: '{"v":1}',
      code: undefined,
    });
    expect([await backfills.end(asked.id, "done", 10), await backfills.end(asked.id, "cancelled", 11)]).toEqual([
      true,
      false,
    ]);
    expect((await backfills.ask(request, 12)).id).not.toBe(asked.id);
  });

  holds("a trouble is told until it is over", async (open) => {
    const database = await open();
    const store = await storeIn(database);
    await store.sources.trouble("poll", 5, { code: "A", message: "first" });
    await store.sources.trouble("poll", 6, { code: "B", message: "second" });
    await store.sources.troubleOver("poll", 6, "A");
    await store.sources.troubleOver("poll", 7);
    await store.sources.troubleOver("poll", 9);
    await store.sources.trouble("channel", 8, { code: "C", message: "third" });
    expect((await stateReport(database))[0]?.troubles).toEqual([
      { part: "channel", code: "C", message: "third", at: 8, over: undefined },
      { part: "poll", code: "B", message: "second", at: 6, over: 7 },
    ]);
  });

  holds("what one commits, another one finds", async (open) => {
    const one = await storeIn(await open());
    const id = await one.nextChunk();
    await one.commit({
      spool: [spooled(id, 1)],
      at: 0,
      sent: [{ key: new Uint8Array(16), sha: new Uint8Array(8), receipt: 0 }],
    });
    const two = await storeIn(await open());
    expect([two.integration, await two.openChunks(0, 100)]).toEqual([one.integration, [id]]);
    expect(await two.sentAll([new Uint8Array(16)])).toEqual([expect.anything()]);
  });
}
