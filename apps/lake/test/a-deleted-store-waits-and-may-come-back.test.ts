import { join } from "node:path";
import {
  AddTagsCommand,
  ChannelExistsForEDSException,
  CloudTrailClient,
  CreateChannelCommand,
  CreateEventDataStoreCommand,
  DeleteChannelCommand,
  DeleteEventDataStoreCommand,
  DescribeQueryCommand,
  EventDataStoreAlreadyExistsException,
  EventDataStoreARNInvalidException,
  EventDataStoreMaxLimitExceededException,
  EventDataStoreNotFoundException,
  EventDataStoreTerminationProtectedException,
  GetEventDataStoreCommand,
  GetQueryResultsCommand,
  InactiveEventDataStoreException,
  InvalidEventDataStoreStatusException,
  ListEventDataStoresCommand,
  ListQueriesCommand,
  ListTagsCommand,
  RestoreEventDataStoreCommand,
  StartQueryCommand,
  UpdateEventDataStoreCommand,
} from "@aws-sdk/client-cloudtrail";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { defaultQuotas } from "../src/control/quotas.ts";
import { TestLake, activity, entry, otherAccount } from "./test-lake.ts";

const day = 86_400_000;
let now = Date.now();
let lake: TestLake;
let client: CloudTrailClient;
/** The last test's own: the account's limit allows no more by then. */
let kept: string;
beforeAll(async () => {
  lake = await TestLake.start({
    clock: { now: () => now, monotonic: () => performance.now() },
    maxSkewMs: 1e12,
    quotas: { ...defaultQuotas, eventDataStores: 8 },
  });
  client = new CloudTrailClient({ region: "us-east-1", endpoint: lake.url, credentials: lake.admin, maxAttempts: 1 });
  kept = await store("kept");
});
afterAll(async () => {
  client.destroy();
  await lake.close();
});

async function store(Name: string, TerminationProtectionEnabled = false): Promise<string> {
  const { EventDataStoreArn } = await client.send(
    new CreateEventDataStoreCommand({ Name, AdvancedEventSelectors: activity, TerminationProtectionEnabled }),
  );
  return EventDataStoreArn!;
}
const remove = (EventDataStore: string) => client.send(new DeleteEventDataStoreCommand({ EventDataStore }));
const restore = (EventDataStore: string) => client.send(new RestoreEventDataStoreCommand({ EventDataStore }));
const get = (EventDataStore: string) => client.send(new GetEventDataStoreCommand({ EventDataStore }));

test("a deletion is refused in the order of the checks: existence, state, protection, channels", async () => {
  const arn = await store("checked", true);
  const { ChannelArn } = await client.send(
    new CreateChannelCommand({
      Name: "checked",
      Source: "Custom",
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: arn }],
    }),
  );
  const unknown = "00000000-0000-4000-8000-000000000000";
  await expect(remove("arn:aws:s3:::x")).rejects.toBeInstanceOf(EventDataStoreARNInvalidException);
  await expect(remove(unknown)).rejects.toBeInstanceOf(EventDataStoreNotFoundException);
  await expect(restore(unknown)).rejects.toBeInstanceOf(EventDataStoreNotFoundException);
  await expect(restore("arn:aws:s3:::x")).rejects.toBeInstanceOf(EventDataStoreARNInvalidException);
  await expect(remove(arn)).rejects.toBeInstanceOf(EventDataStoreTerminationProtectedException);
  await client.send(new UpdateEventDataStoreCommand({ EventDataStore: arn, TerminationProtectionEnabled: false }));
  await expect(remove(arn)).rejects.toBeInstanceOf(ChannelExistsForEDSException);
  await client.send(new DeleteChannelCommand({ Channel: ChannelArn }));
  await remove(arn);
  await expect(remove(arn)).rejects.toBeInstanceOf(InactiveEventDataStoreException);
});

test("only its owner's account, and only who may, deletes and restores a store", async () => {
  const arn = await store("guarded");
  const foreign = await lake.identity(otherAccount, "mallory");
  const helper = await lake.identity("111122223333", "helper");
  for (const operation of ["DeleteEventDataStore", "RestoreEventDataStore"]) {
    expect(await lake.control(operation, { EventDataStore: arn }, { key: foreign })).toMatchObject({
      json: { __type: "EventDataStoreARNInvalidException" },
    });
    expect(await lake.control(operation, { EventDataStore: arn }, { key: helper })).toMatchObject({
      status: 403,
      json: { __type: "AccessDeniedException" },
    });
  }
  expect((await get(arn)).Status).toBe("ENABLED");
});

describe("while it waits", () => {
  let arn: string;
  let id: string;
  let queryId: string;
  beforeAll(async () => {
    arn = await store("waiting");
    id = arn.split("/")[1]!;
    queryId = (await client.send(new StartQueryCommand({ QueryStatement: `SELECT count(*) FROM ${id}` }))).QueryId!;
    await remove(arn);
  });

  test("it is shown, by Get and List, and counts as one of the account's", async () => {
    const { Status, TerminationProtectionEnabled } = await get(arn);
    expect({ Status, TerminationProtectionEnabled }).toEqual({
      Status: "PENDING_DELETION",
      TerminationProtectionEnabled: false,
    });
    const { EventDataStores } = await client.send(new ListEventDataStoresCommand({}));
    expect(EventDataStores!.map(({ EventDataStoreArn }) => EventDataStoreArn)).toContain(arn);
    await expect(store("waiting")).rejects.toBeInstanceOf(EventDataStoreAlreadyExistsException);
    const made: string[] = [];
    await expect(
      (async () => {
        for (let n = 0; n < 20; n++) made.push(await store(`more-${n}`));
      })(),
    ).rejects.toBeInstanceOf(EventDataStoreMaxLimitExceededException);
    const { EventDataStores: all } = await client.send(new ListEventDataStoresCommand({}));
    expect(all).toHaveLength(8);
  });

  const refused: readonly [string, () => { readonly input: object }][] = [
    ["a query", () => new StartQueryCommand({ QueryStatement: `SELECT count(*) FROM ${id}` })],
    ["ListQueries", () => new ListQueriesCommand({ EventDataStore: arn })],
    ["DescribeQuery", () => new DescribeQueryCommand({ QueryId: queryId })],
    ["GetQueryResults", () => new GetQueryResultsCommand({ QueryId: queryId })],
    ["AddTags", () => new AddTagsCommand({ ResourceId: arn, TagsList: [{ Key: "a", Value: "b" }] })],
    ["ListTags", () => new ListTagsCommand({ ResourceIdList: [arn] })],
    ["an update", () => new UpdateEventDataStoreCommand({ EventDataStore: arn, Name: "other" })],
    [
      "a channel to it",
      () =>
        new CreateChannelCommand({
          Name: "late",
          Source: "Custom",
          Destinations: [{ Type: "EVENT_DATA_STORE", Location: arn }],
        }),
    ],
  ];
  test.each(refused)("%s is refused", async (_name, command) => {
    await expect(client.send(command() as GetEventDataStoreCommand)).rejects.toBeInstanceOf(
      InactiveEventDataStoreException,
    );
  });

  test("its queued or running query ended with the reason, which is shown once it is back", async () => {
    const catalog = await openSqliteCatalog({
      file: join(lake.data, "catalog.sqlite"),
      clock: { now: () => now, monotonic: () => now },
    });
    const query = await catalog.getQuery(queryId);
    await catalog.close();
    // It may have finished before the deletion.
    expect(["FAILED", "FINISHED"]).toContain(query!.status);
    await restore(arn);
    const { QueryStatus, ErrorMessage } = await client.send(new DescribeQueryCommand({ QueryId: queryId }));
    expect([QueryStatus, ErrorMessage]).toEqual(
      query!.status === "FAILED"
        ? ["FAILED", "An event data store of the query was deleted."]
        : ["FINISHED", undefined],
    );
    expect((await get(arn)).Status).toBe("ENABLED");
  });
});

test("it can be restored for seven days by the lake's clock, keeping its events and its protection", async () => {
  now += 1000;
  const arn = kept;
  const channel = await lake.channel([arn], "Custom", "kept");
  expect((await lake.put(channel, [entry("kept")])).json["failed"]).toEqual([]);
  await client.send(new DeleteChannelCommand({ Channel: channel }));
  await remove(arn);
  const deleted = now;
  now = deleted + 7 * day - 1;
  const restored = await restore(arn);
  expect(restored).toMatchObject({ Status: "ENABLED", TerminationProtectionEnabled: false, EventDataStoreArn: arn });
  await expect(restore(arn)).rejects.toBeInstanceOf(InvalidEventDataStoreStatusException);
  const { json } = await lake.control("StartQuery", { QueryStatement: `SELECT count(*) FROM ${arn.split("/")[1]}` });
  for (;;) {
    const answer = await lake.control("GetQueryResults", { QueryId: json["QueryId"] });
    if (answer.json["QueryStatus"] === "QUEUED" || answer.json["QueryStatus"] === "RUNNING") continue;
    expect(answer.json["QueryResultRows"]).toEqual([[{ _col0: "1" }]]);
    break;
  }
  await remove(arn);
  now += 7 * day;
  await expect(restore(arn)).rejects.toBeInstanceOf(InvalidEventDataStoreStatusException);
  now -= 14 * day;
  expect((await restore(arn)).Status, "a clock that goes back ends nothing early").toBe("ENABLED");
});
