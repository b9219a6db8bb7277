import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { type JournalEvent, unpackEvents } from "../src/journal/journal-line.ts";
import { TestLake, account, activity, entry, eventData, eventTime } from "./test-lake.ts";

let lake: TestLake;
let first: string;
let second: string;
let channelArn: string;
beforeAll(async () => {
  lake = await TestLake.start();
  first = await lake.store("first");
  second = await lake.store("second");
  channelArn = await lake.channel([first, second]);
});
afterAll(() => lake.close());

/** What the journal and the tables' input hold of a store, read beside the server. */
async function journalOf(storeArn: string): Promise<readonly JournalEvent[]> {
  const catalog = await openSqliteCatalog({ file: `${lake.data}/catalog.sqlite`, clock: systemClock });
  const rows = await catalog.readJournal(storeArn.split("/")[1]!, { maxEvents: 1e6, maxBytes: 1e9 });
  await catalog.close();
  return rows.flatMap((row) => unpackEvents(row.bytes));
}

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 19);
const checksum = (text: string): string => createHash("sha256").update(text, "utf8").digest("base64");

test("an acknowledged event is in every store of the channel, byte for byte, with one eventID", async () => {
  const text = ` ${eventData("bytes", { additionalEventData: { n: "é😀" } }).replace('"é😀"', '1.10, "u": "\\u00e9\\ud83d\\ude00 é"')}\n`;
  const { json } = await lake.put(channelArn, [{ id: "bytes", eventData: text, eventDataChecksum: checksum(text) }]);
  const successful = json["successful"] as { eventID: string }[];
  expect(json).toMatchObject({ failed: [], successful: [{ id: "bytes" }] });
  expect(successful[0]!.eventID).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  for (const store of [first, second]) {
    const [event] = (await journalOf(store)).filter(({ eventid }) => eventid === successful[0]!.eventID);
    expect(event).toMatchObject({
      eventdata: text,
      channelarn: channelArn,
      recipientaccountid: account,
      awsregion: "us-east-1",
      eventtime: eventTime,
    });
  }
});

const sendAgain = async (more: object = {}): Promise<unknown> =>
  (await lake.put(channelArn, [entry("again", more)])).json["successful"];

test("a resend gets the same eventID, other bytes another", async () => {
  const before = await sendAgain();
  expect(await sendAgain()).toEqual(before);
  expect(await sendAgain({ userAgent: "x" })).not.toEqual(before);
});

test("the eventID is the same with and without a checksum", async () => {
  const plain = entry("sum");
  const without = await lake.put(channelArn, [plain]);
  const withSum = await lake.put(channelArn, [{ ...plain, eventDataChecksum: checksum(plain.eventData) }]);
  expect(withSum.json["successful"]).toEqual(without.json["successful"]);
});

test("every id is in one of the lists, each in the order of the request, with its code", async () => {
  const long = "x".repeat(1025);
  const wrong: readonly [string, string, object][] = [
    ["FieldNotFound", "f1", { id: "f1", eventData: eventData("f1", { UID: null }) }],
    ["InvalidData", "f2", { id: "f2", eventData: "[]" }],
    ["InvalidData", "f3", { id: "f3", eventData: eventData("f3", { eventTime: "2026-11-20T10:00:00+01:00" }) }],
    ["InvalidData", "f4", { id: "f4", eventData: eventData("f4").replace('"version"', '"version":"1","version"') }],
    ["InvalidData", "f5", { id: "f5", eventData: '{"a":"\ud800"}' }],
    ["FieldTooLong", "f6", { id: "f6", eventData: eventData("f6", { eventName: long }) }],
    [
      "FieldTooLong",
      "f7",
      { id: "f7", eventData: eventData("f7", { additionalEventData: { a: "x".repeat(28_700) } }) },
    ],
    ["InvalidRecipient", "f8", { id: "f8", eventData: eventData("f8", { recipientAccountId: "999999999999" }) }],
    ["InvalidChecksum", "f9", { id: "f9", eventData: eventData("f9"), eventDataChecksum: checksum("other") }],
    ["InvalidChecksum", "f10", { id: "f10", eventData: "not JSON", eventDataChecksum: "" }],
    ["InvalidData", "f11", { id: "f11", eventData: eventData("f11", { eventTime: "2099-01-01T00:00:00Z" }) }],
  ];
  const entries = wrong.flatMap(([, id, bad]) => [bad, entry(`ok-${id}`)]);
  const { status, json } = await lake.put(channelArn, entries);
  expect(status).toBe(200);
  const failed = json["failed"] as { id: string; errorCode: string; errorMessage: string }[];
  expect(failed.map(({ id, errorCode }) => [errorCode, id])).toEqual(wrong.map(([code, id]) => [code, id]));
  for (const { errorMessage } of failed) expect(errorMessage.length).toBeGreaterThan(0);
  expect((json["successful"] as { id: string }[]).map(({ id }) => id)).toEqual(wrong.map(([, id]) => `ok-${id}`));
});

test("an event is kept by the stores whose retention it is within, and acknowledged in any case", async () => {
  const week = await lake.control("CreateEventDataStore", {
    Name: "week",
    AdvancedEventSelectors: activity,
    RetentionPeriod: 7,
  });
  const weekArn = String(week.json["EventDataStoreArn"]);
  const arn = await lake.channel([first, weekArn], "GitHub");
  const before = (await journalOf(first)).length;
  const { json } = await lake.put(arn, [
    entry("now", { eventTime: daysAgo(0) }),
    entry("last-month", { eventTime: daysAgo(30) }),
    entry("long-ago", { eventTime: "2001-01-01T00:00:00Z" }),
  ]);
  expect(json["failed"]).toEqual([]);
  expect((json["successful"] as { id: string }[]).map(({ id }) => id)).toEqual(["now", "last-month", "long-ago"]);
  expect(await journalOf(first)).toHaveLength(before + 2);
  expect(await journalOf(weekArn)).toHaveLength(1);
});

test("a channel is named by ARN or, in the caller's account, by id", async () => {
  const answer = await lake.put(channelArn.split("/")[1]!, [entry("by-id")]);
  expect(answer).toMatchObject({ status: 200, json: { failed: [] } });
});

test("GetChannel shows the last attempt and the last success", async () => {
  const { json } = await lake.put(channelArn, [entry("status")]);
  const [{ eventID }] = json["successful"] as [{ eventID: string }];
  await lake.put(channelArn, [{ id: "bad", eventData: "{" }]);
  const { json: channel } = await lake.control("GetChannel", { Channel: channelArn });
  const status = channel["IngestionStatus"] as Record<string, unknown>;
  expect(status["LatestIngestionSuccessEventID"]).toBe(eventID);
  expect(status["LatestIngestionErrorCode"]).toMatch(/^InvalidData/);
  expect(status["LatestIngestionAttemptTime"]).toBeGreaterThanOrEqual(status["LatestIngestionSuccessTime"] as number);
});

test("a store that is not enabled is skipped; with none left the owner is not subscribed", async () => {
  const setStatus = async (storeArn: string, status: "ENABLED" | "PENDING_DELETION"): Promise<void> => {
    const catalog = await openSqliteCatalog({ file: `${lake.data}/catalog.sqlite`, clock: systemClock });
    const state = await catalog.readControl();
    const store = state.stores.get(storeArn.split("/")[1]!)!;
    const done = await catalog.changeControl(state.generation, [{ kind: "putStore", store: { ...store, status } }]);
    expect(done.kind).toBe("changed");
    await catalog.close();
  };
  await setStatus(first, "PENDING_DELETION");
  const before = [await journalOf(first), await journalOf(second)].map(({ length }) => length);
  expect(await lake.put(channelArn, [entry("skip")])).toMatchObject({ status: 200, json: { failed: [] } });
  expect([await journalOf(first), await journalOf(second)].map(({ length }) => length)).toEqual([
    before[0],
    before[1]! + 1,
  ]);
  await setStatus(second, "PENDING_DELETION");
  const { json } = await lake.put(channelArn, [entry("none"), { id: "bad", eventData: "{" }]);
  expect(json).toMatchObject({
    successful: [],
    failed: [
      { id: "none", errorCode: "AccountNotSubscribed" },
      { id: "bad", errorCode: "InvalidData" },
    ],
  });
  await setStatus(first, "ENABLED");
  await setStatus(second, "ENABLED");
});

test.each(["me-central-1", "us-gov-west-1", "cn-north-1"])(
  "in %s there are no channels and no events",
  async (region) => {
    const elsewhere = await TestLake.start({ region });
    const raw = { region };
    const made = await elsewhere.control(
      "CreateEventDataStore",
      { Name: "events", AdvancedEventSelectors: activity },
      raw,
    );
    expect(made.status).toBe(200);
    const Destinations = [{ Type: "EVENT_DATA_STORE", Location: made.json["EventDataStoreArn"] }];
    const channel = await elsewhere.control("CreateChannel", { Name: "custom", Source: "Custom", Destinations }, raw);
    expect(channel).toMatchObject({ status: 400, json: { __type: "UnsupportedOperationException" } });
    const nowhere = `arn:aws:cloudtrail:${region}:${account}:channel/00000000-0000-4000-8000-000000000000`;
    const put = await elsewhere.put(nowhere, [entry("e")], raw);
    expect(put).toMatchObject({ status: 400, json: { __type: "UnsupportedOperationException" } });
    await elsewhere.close();
  },
);

test("a hundred events in 1 MiB exactly are accepted, one byte more is not", async () => {
  const target = 1_048_576;
  const entries = Array.from({ length: 100 }, (_, at) => entry(`full-${at}`, { requestParameters: { pad: "" } }));
  const size = entries.reduce((sum, { eventData: text }) => sum + Buffer.byteLength(text), 0);
  let rest = target - size;
  const padded = entries.map(({ id, eventData: text }, at) => {
    const take = at === 99 ? rest : Math.floor((target - size) / 100);
    rest -= take;
    return { id, eventData: text.replace('"pad":""', `"pad":"${"x".repeat(take)}"`) };
  });
  expect(await lake.put(channelArn, padded)).toMatchObject({ status: 200, json: { failed: [] } });
  padded[0]!.eventData = padded[0]!.eventData.replace('"pad":"', '"pad":"x');
  expect(await lake.put(channelArn, padded)).toMatchObject({ status: 400, json: { __type: "ValidationException" } });
});
