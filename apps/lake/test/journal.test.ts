import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { type JournalEvent, journalLine, packLines, unpackEvents, unpackText } from "../src/journal/journal-line.ts";
import { RunPacker } from "../src/journal/journal-run.ts";
import { type JournalRequestEvents, JournalWriter } from "../src/journal/journal-writer.ts";

const directory = mkdtempSync(join(tmpdir(), "tributary-journal-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;

async function start(
  options: { acknowledgeBeforeCommit?: boolean } = {},
): Promise<{ file: string; catalog: SqliteCatalog; writer: JournalWriter }> {
  const file = join(directory, `catalog-${files++}.db`);
  const catalog = await openSqliteCatalog({ file, clock: systemClock });
  return { file, catalog, writer: new JournalWriter({ file, clock: systemClock, backlogEveryMs: 20, ...options }) };
}

function event(n: number, eventdata = `{"n":${n}}`): JournalEvent {
  return {
    eventid: `65000000-0000-8000-8000-${n.toString(16).padStart(12, "0")}`,
    eventtime: 1_700_000_000_000 + n,
    ingestiontime: 1_700_000_001_000,
    channelarn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/c",
    awsregion: "us-east-1",
    recipientaccountid: "111122223333",
    eventdata,
  };
}

function runs(storeIds: readonly string[], ...events: readonly JournalEvent[]): JournalRequestEvents["runs"] {
  const run = {
    ...event(0),
    eventids: events.map(({ eventid }) => eventid),
    eventtimes: events.map(({ eventtime }) => eventtime),
    eventdatas: events.map(({ eventdata }) => eventdata),
  };
  return [{ storeIds, run }];
}

async function journalled(catalog: SqliteCatalog, storeId: string): Promise<JournalEvent[]> {
  const rows = await catalog.readJournal(storeId, { maxEvents: 1e6, maxBytes: 1e9 });
  const events = rows.map(({ bytes, events: count }) => {
    const unpacked = unpackEvents(bytes);
    expect(unpacked).toHaveLength(count);
    return unpacked;
  });
  return events.flat();
}

test("an event unpacked is the event packed, every character of its text", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1 }), (texts) => {
      const events = texts.map((text, n) => event(n, text));
      expect(unpackEvents(packLines(events.map(journalLine)))).toEqual(events);
    }),
  );
  const awkward = event(1, '{"a":"\\u0000\\n","b":1.10,\n\t"é\u2028":"😀\\ud83d\\ude00"}');
  expect(unpackEvents(packLines([journalLine(awkward)]))).toEqual([awkward]);
});

const byId = (x: JournalEvent, y: JournalEvent): number => (x.eventid < y.eventid ? -1 : 1);

test("runs are packed as the lines of their events are", () => {
  const packer = new RunPacker();
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ unit: "binary" }))), (groups) => {
      const each = groups.map((texts) => texts.map((text, n) => event(n, Buffer.from(text, "utf8").toString("utf8"))));
      const { events, bytes } = packer.pack(each.flatMap((group) => runs(["a"], ...group).map(({ run }) => run)));
      expect(events).toBe(each.flat().length);
      expect(unpackText(bytes).toString("utf8")).toBe(
        each
          .flat()
          .map((one) => `${journalLine(one)}\n`)
          .join(""),
      );
    }),
  );
});

test("a run larger than the packer's buffer is packed whole, and so is the next", () => {
  const packer = new RunPacker();
  const large = Array.from({ length: 60 }, (_, n) => event(n, "\u0001é😀".repeat(20_000)));
  for (const events of [large, [event(1)], large]) {
    const { bytes } = packer.pack(runs(["a"], ...events).map(({ run }) => run));
    expect(unpackEvents(bytes)).toEqual(events);
  }
});

test("nothing acknowledged is lost: every line is in the row of each of its stores", async () => {
  const { catalog, writer } = await start();
  const generation = await catalog.generation();
  const requests = Array.from({ length: 200 }, (_, n) => {
    const storeIds = n % 3 === 0 ? ["a", "b"] : ["a"];
    return writer.append({
      generation,
      runs: runs(storeIds, ...[0, 1, 2].map((k) => event(n * 3 + k))),
    });
  });
  expect(new Set(await Promise.all(requests))).toEqual(new Set(["committed"]));
  const all = Array.from({ length: 600 }, (_, n) => event(n));
  expect((await journalled(catalog, "a")).toSorted(byId)).toEqual(all);
  expect((await journalled(catalog, "b")).toSorted(byId)).toEqual(all.filter((_, n) => Math.floor(n / 3) % 3 === 0));
  const [backlog] = await catalog.journalBacklog();
  expect(backlog!.rows, "requests that wait share a commit").toBeLessThan(100);
  await writer.close();
  await catalog.close();
});

test("a request authorised before a change is told so and writes nothing", async () => {
  const { catalog, writer } = await start();
  const generation = await catalog.generation();
  const lines = runs(["a"], event(1));
  await catalog.changeControl(generation, []);
  expect(await writer.append({ generation, runs: lines })).toBe("moved");
  const mixed = await Promise.all(
    [generation + 1, generation, generation + 1, generation].map((each) =>
      writer.append({ generation: each, runs: lines }),
    ),
  );
  expect(mixed).toEqual(["committed", "moved", "committed", "moved"]);
  expect(await journalled(catalog, "a")).toHaveLength(2);
  await writer.close();
  await catalog.close();
});

test("a commit that fails is never acknowledged, and the journal goes on when the disk does", async () => {
  const { file, catalog, writer } = await start();
  const lines = runs(["a"], event(1));
  const saboteur = new DatabaseSync(file);
  saboteur.exec("CREATE TRIGGER refuse BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END");
  const results = await Promise.allSettled([
    writer.append({ generation: 1, runs: lines }),
    writer.append({ generation: 1, runs: lines }),
  ]);
  for (const result of results)
    expect(result).toMatchObject({
      status: "rejected",
      reason: { code: "JOURNAL_FAILED", retryable: true, message: expect.stringContaining("disk I/O error") },
    });
  saboteur.exec("DROP TRIGGER refuse");
  saboteur.close();
  expect(await writer.append({ generation: 1, runs: lines })).toBe("committed");
  expect(await journalled(catalog, "a")).toHaveLength(1);
  await writer.close();
  await catalog.close();
});

test("closing commits what waits and refuses what comes later", async () => {
  const { catalog, writer } = await start();
  const waiting = Array.from({ length: 50 }, (_, n) => writer.append({ generation: 1, runs: runs(["a"], event(n)) }));
  await writer.close();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(["committed"]));
  expect(await journalled(catalog, "a")).toHaveLength(50);
  await expect(writer.append({ generation: 1, runs: [] })).rejects.toMatchObject({ code: "JOURNAL_FAILED" });
  await catalog.close();
});

test("the backlog counts what waits, and over its limits says to throttle", async () => {
  const { file, catalog, writer } = await start();
  const slow = new JournalWriter({ file, clock: systemClock, backlogEveryMs: 20, compactionRate: 0.001 });
  await writer.append({ generation: 1, runs: runs(["a", "b"], event(1)) });
  await expect.poll(() => writer.backlog().events).toBe(2);
  expect(writer.backlog().verdict).toBe("accept");
  await expect.poll(() => slow.backlog().verdict).toBe("throttle");
  await slow.close();
  await writer.close();
  await catalog.close();
});

test("with the planted bug a request is acknowledged that was never committed", async () => {
  const { file, catalog, writer } = await start({ acknowledgeBeforeCommit: true });
  const saboteur = new DatabaseSync(file);
  saboteur.exec("CREATE TRIGGER refuse BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END");
  saboteur.close();
  expect(await writer.append({ generation: 1, runs: runs(["a"], event(1)) })).toBe("committed");
  expect(await journalled(catalog, "a")).toEqual([]);
  await writer.close();
  await catalog.close();
});
