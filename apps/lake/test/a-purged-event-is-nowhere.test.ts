import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findCanary, filesIn, journalPieces } from "./canary.ts";
import { TestLake, entry, run } from "./test-lake.ts";

const canary = "canary-5f0c1e7b-of-a-secret-that-slipped-in";
let lake: TestLake;
let arn: string;
let storeId: string;
let otherId: string;
let channel: string;
beforeEach(async () => {
  lake = await TestLake.start();
  arn = await lake.store("purged");
  storeId = arn.split("/")[1]!;
  const other = await lake.store("other");
  otherId = other.split("/")[1]!;
  channel = await lake.channel([arn]);
  const elsewhere = await lake.channel([other], "OktaSystemLogEvents");
  await put(elsewhere, "theirs");
});
afterEach(() => lake.close());

async function put(channelArn: string, id: string, more: object = {}): Promise<string> {
  const { json } = await lake.put(channelArn, [entry(id, more)]);
  expect(json["failed"]).toEqual([]);
  return (json["successful"] as { eventID: string }[])[0]!.eventID;
}
const putCanary = (): Promise<string> => put(channel, "secret", { requestParameters: { password: canary } });

async function ask(statement: string): Promise<readonly string[]> {
  const { json } = await lake.control("StartQuery", { QueryStatement: statement });
  for (;;) {
    const { json: answer } = await lake.control("GetQueryResults", { QueryId: json["QueryId"] });
    if (answer["QueryStatus"] === "QUEUED" || answer["QueryStatus"] === "RUNNING") continue;
    expect(answer["QueryStatus"]).toBe("FINISHED");
    return (answer["QueryResultRows"] as Record<string, string>[][]).map((row) => Object.values(row[0]!)[0]!);
  }
}
const uids = async (id = storeId): Promise<readonly string[]> =>
  (await ask(`SELECT eventData.uid FROM ${id}`)).toSorted();

const purgeEvents = (eventIds: readonly string[]) => {
  const file = join(lake.data, "ids.txt");
  writeFileSync(file, `${eventIds.join("\n")}\n`);
  return run(["events", "purge", "--data", lake.data, "--store", storeId, "--event-ids", file, "--json"]);
};

/** Puts the canary everywhere that it can be: journal, table file, result, and finds it. */
async function spread(): Promise<{ readonly eventId: string; readonly pieces: readonly Buffer[] }> {
  const eventId = await putCanary();
  await put(channel, "kept");
  const pieces = journalPieces(lake.data, storeId);
  expect(pieces.length, "in the journal").toBeGreaterThan(0);
  const before = await findCanary(lake.data, canary, pieces);
  expect(before.filter((place) => place.startsWith("catalog.sqlite")).length).toBeGreaterThan(0);
  expect(before.some((place) => place.endsWith(": decoded"))).toBe(true);
  expect(await ask(`SELECT eventdata_text FROM ${storeId} ORDER BY 1`)).toHaveLength(2);
  // Sent again, it is in the journal once more.
  expect(await putCanary()).toBe(eventId);
  const places = await findCanary(lake.data, canary, pieces);
  expect(places).toContain("table file");
  expect(places).toContain("result: text");
  return { eventId, pieces: [...pieces, ...journalPieces(lake.data, storeId)] };
}

describe.each(["while the lake serves", "while nobody serves"])("purged %s", (when) => {
  test("an event is nowhere, a resend does not bring it back, and the others stay", async () => {
    const { eventId, pieces } = await spread();
    if (when === "while nobody serves") await lake.lake.close();
    const { code, stdout, stderr } = await purgeEvents([eventId]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toMatchObject({ event: "purged", stage: "done", storeId, scope: "events", eventIds: 1, results: 1 });
    expect(report["rows"]).toBe(2);
    expect(report["unreachable"]).toMatch(/backups/);
    expect(await findCanary(lake.data, canary, pieces)).toEqual([]);
    if (when === "while nobody serves") await lake.serve();
    expect(await uids()).toEqual(["kept"]);
    expect(await putCanary(), "acknowledged").toBe(eventId);
    expect(await uids()).toEqual(["kept"]);
    expect(await uids(otherId)).toEqual(["theirs"]);
    const verified = await run(["verify", "--data", lake.data]);
    expect(verified.stdout).toMatch(/^sound/);
    const { stdout: list } = await run(["purge", "list", "--data", lake.data]);
    expect(list).toContain(": done; 2 events, 1 files, 1 queries");
  });

  test("a whole store is nowhere, and the others stay", async () => {
    const { pieces } = await spread();
    const update = { EventDataStore: arn, TerminationProtectionEnabled: false };
    expect((await lake.control("UpdateEventDataStore", update)).status).toBe(200);
    const refused = await run(["store", "purge", "--data", lake.data, "--store", storeId]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/DeleteEventDataStore first/) });
    expect((await lake.control("DeleteChannel", { Channel: channel })).status).toBe(200);
    expect((await lake.control("DeleteEventDataStore", { EventDataStore: arn })).status).toBe(200);
    if (when === "while nobody serves") await lake.lake.close();
    const { code, stdout } = await run(["store", "purge", "--data", lake.data, "--store", storeId, "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ event: "purged", stage: "done", scope: "store", results: 1 });
    expect(await findCanary(lake.data, canary, pieces)).toEqual([]);
    expect(filesIn(join(lake.data, "objects")).filter((file) => file.includes(storeId))).toEqual([]);
    if (when === "while nobody serves") await lake.serve();
    for (const operation of ["GetEventDataStore", "RestoreEventDataStore", "DeleteEventDataStore"])
      expect(await lake.control(operation, { EventDataStore: arn })).toMatchObject({
        status: 404,
        json: { __type: "EventDataStoreNotFoundException" },
      });
    expect(await uids(otherId)).toEqual(["theirs"]);
    expect((await run(["verify", "--data", lake.data])).stdout).toMatch(/^sound/);
  });
});

test("what is no eventID, no file or no store of the lake is refused by name", async () => {
  expect(await purgeEvents(["65000000-0000-8000-8000-000000000001", "no id"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(String.raw`line 2: \"no id\" is no eventID`),
  });
  expect(await purgeEvents([""])).toMatchObject({ code: 1, stderr: expect.stringMatching(/holds no eventID/) });
  const unknown = "00000000-0000-4000-8000-000000000000";
  expect(await run(["store", "purge", "--data", lake.data, "--store", unknown])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/There is no event data store/),
  });
  expect(await run(["events", "purge", "--data", lake.data, "--store", storeId])).toMatchObject({ code: 2 });
});
