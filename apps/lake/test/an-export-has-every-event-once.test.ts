import {
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { exportStore } from "../src/export/export-store.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";
import { TestLake, entry, eventTime, run } from "./test-lake.ts";

let lake: TestLake;
let directory: string;
let storeId: string;
const sent = new Map<string, string>();
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "tributary-export-"));
  lake = await TestLake.start();
  const store = await lake.store();
  const channel = await lake.channel([store]);
  storeId = store.split("/")[1]!;
  // One day's event before the others; text with spaces and escapes that no parser would print again.
  const late = Array.from({ length: 30 }, (_, n) => entry(`e${n}`, { errorMessage: `caf\u00e9 ${n} "quoted" \u2028` }));
  const early = entry("early", { eventTime: new Date(eventTime - 2 * 86_400_000).toISOString().replace(".000Z", "Z") });
  const events = [...late, early].map(({ id, eventData }) => ({ id, eventData: eventData.replace("{", "{ \t") }));
  for (const { id, eventData } of events) sent.set(id, eventData);
  // The second time is a resend.
  for (const auditEvents of [events, events.slice(0, 9)]) await lake.put(channel, auditEvents);
});
afterAll(async () => {
  await lake.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Line {
  readonly eventID: string;
  readonly eventTime: string;
  readonly eventData: string;
}
const lines = (text: string): readonly Line[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line): Line => JSON.parse(line));

function expectAll(found: readonly Line[]): void {
  expect(new Set(found.map(({ eventID }) => eventID)).size).toBe(found.length);
  expect(found.map(({ eventData }) => eventData).toSorted()).toEqual([...sent.values()].toSorted());
}

test("a running lake's events come out once each, with the text that was sent, those of the journal too", async () => {
  const out = join(directory, "events.ndjson");
  const done = await run(["export", "--data", lake.data, "--store", storeId, "--out", out, "--json"]);
  expect(done).toMatchObject({ code: 0 });
  const found = lines(readFileSync(out, "utf8"));
  expectAll(found);
  expect(found[0]!.eventTime).toBe(new Date(eventTime - 2 * 86_400_000).toISOString());
  expect((statSync(out).mode & 0o777).toString(8)).toBe("600");
  expect(readdirSync(directory)).toEqual(["events.ndjson"]);
});

test("what lies in the export's way does not get the events", async () => {
  const out = join(directory, "guarded.ndjson");
  const theirs = join(directory, "theirs");
  writeFileSync(theirs, "");
  symlinkSync(theirs, `${out}.part`);
  expect(await run(["export", "--data", lake.data, "--store", storeId, "--out", out])).toMatchObject({ code: 0 });
  expect(readFileSync(theirs, "utf8")).toBe("");
  expect(lstatSync(out).isFile()).toBe(true);
  expectAll(lines(readFileSync(out, "utf8")));
});

test("a range of times leaves out the others, and what is no store or no time is refused", async () => {
  const base = ["export", "--data", lake.data, "--store", storeId];
  const before = await run([...base, "--to", new Date(eventTime).toISOString()]);
  expect(lines(before.stdout)).toHaveLength(1);
  const after = await run([...base, "--from", new Date(eventTime).toISOString()]);
  expect(lines(after.stdout)).toHaveLength(30);
  expect((await run([...base, "--from", "yesterday"])).code).toBe(2);
  expect((await run(["export", "--data", lake.data, "--store", "none"])).stderr).toContain("no event data store none");
});

test("of a lake that nobody serves the journal comes out too", async () => {
  const [channel] = (await lake.control("ListChannels", {})).json["Channels"] as { ChannelArn: string }[];
  const more = entry("last");
  sent.set("last", more.eventData);
  expect((await lake.put(channel!.ChannelArn, [more])).json["failed"]).toEqual([]);
  await lake.lake.close();
  const done = await run(["export", "--data", lake.data, "--store", storeId]);
  expect(done).toMatchObject({ code: 0 });
  expectAll(lines(done.stdout));
  await lake.serve();
});

test("an event whose purge was ordered is in no export that has not come to it, though its file still holds it", async () => {
  await lake.lake.close();
  const catalog = await openSqliteCatalog({ file: join(lake.data, "catalog.sqlite"), clock: systemClock });
  const objects = await openDirectoryObjects({ directory: join(lake.data, "objects") });
  const exported = async (onLines: () => Promise<unknown> = () => Promise.resolve()): Promise<readonly Line[]> => {
    const found: Line[] = [];
    const write = async (text: string): Promise<void> => {
      found.push(...lines(text));
      await onLines();
    };
    const range = { from: -Infinity, to: Infinity };
    const events = await exportStore({ catalog, objects, clock: systemClock, storeId, ...range, write });
    expect(events).toBe(found.length);
    return found;
  };
  try {
    const all = await exported();
    expectAll(all);
    const [first, last] = [all[0]!, all.at(-1)!];
    const order = (purgeId: string, eventID: string) =>
      catalog.orderEventPurge({ purgeId, storeId, eventIds: [eventID], createdAt: 1 });
    // Nobody works at the orders: this lake is not served. The first event is alone in its file.
    let ordered = false;
    const meanwhile = await exported(async () => {
      if (!ordered) await order("meanwhile", last.eventID);
      ordered = true;
    });
    expect(meanwhile).toEqual(all.slice(0, -1));
    await order("before", first.eventID);
    expect(await exported()).toEqual(all.slice(1, -1));
  } finally {
    await catalog.close();
  }
});
