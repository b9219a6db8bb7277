import {
  AddTagsCommand,
  CancelQueryCommand,
  ChannelNotFoundException,
  CloudTrailARNInvalidException,
  CloudTrailClient,
  DescribeQueryCommand,
  EventDataStoreNotFoundException,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  InactiveQueryException,
  InvalidNextTokenException,
  InvalidQueryStatementException,
  InvalidTagParameterException,
  ListTagsCommand,
  QueryIdNotFoundException,
  RemoveTagsCommand,
  ResourceTypeNotSupportedException,
  StartQueryCommand,
  TagsLimitExceededException,
  UnsupportedOperationException,
} from "@aws-sdk/client-cloudtrail";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Key, TestLake, entry, otherAccount } from "./test-lake.ts";

// Processes start and stop here, on machines that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let lake: TestLake;
let storeArn: string;
let storeId: string;
let channelArn: string;
let admin: CloudTrailClient;
const clientOf = (credentials: Key): CloudTrailClient =>
  new CloudTrailClient({ region: "us-east-1", endpoint: lake.url, credentials, maxAttempts: 1 });
beforeAll(async () => {
  lake = await TestLake.start();
  storeArn = await lake.store();
  storeId = storeArn.split("/")[1]!;
  channelArn = await lake.channel([storeArn]);
  admin = clientOf(lake.admin);
});
afterAll(async () => {
  admin.destroy();
  await lake.close();
});

async function ended(queryId: string): Promise<string> {
  for (;;) {
    const { QueryStatus } = await admin.send(new DescribeQueryCommand({ QueryId: queryId }));
    if (QueryStatus !== "QUEUED" && QueryStatus !== "RUNNING") return QueryStatus!;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function ask(statement: string): Promise<string> {
  const { QueryId } = await admin.send(new StartQueryCommand({ QueryStatement: statement }));
  expect(await ended(QueryId!)).toBe("FINISHED");
  return QueryId!;
}

test("every acknowledged event is in the answer once, resends too, page by page", async () => {
  const ids = Array.from({ length: 250 }, (_, at) => `e-${String(at).padStart(3, "0")}`);
  for (const part of [ids.slice(0, 100), ids.slice(100, 200), ids.slice(200), ids.slice(50, 150)])
    expect(
      await lake.put(
        channelArn,
        part.map((id) => entry(id)),
      ),
    ).toMatchObject({ status: 200, json: { failed: [] } });
  const QueryId = await ask(`SELECT eventData.UID AS id, eventData.userAgent FROM ${storeId} ORDER BY 1`);
  const seen: string[] = [];
  let page: GetQueryResultsCommandOutput | undefined;
  do {
    page = await admin.send(
      new GetQueryResultsCommand({
        QueryId,
        MaxQueryResults: 100,
        ...(page?.NextToken !== undefined && { NextToken: page.NextToken }),
      }),
    );
    expect(page.QueryStatistics).toMatchObject({ TotalResultsCount: 250, ResultsCount: page.QueryResultRows!.length });
    // NULL is an empty string, so that positions stay.
    for (const row of page.QueryResultRows!) expect(row[1]).toEqual({ userAgent: "" });
    seen.push(...page.QueryResultRows!.map((row) => row[0]!["id"]!));
  } while (page.NextToken !== undefined);
  expect(seen).toEqual(ids);
  const first = await admin.send(new GetQueryResultsCommand({ QueryId, MaxQueryResults: 100 }));
  const other = await ask(`SELECT count(*) FROM ${storeId}`);
  await expect(
    admin.send(new GetQueryResultsCommand({ QueryId: other, MaxQueryResults: 100, NextToken: first.NextToken })),
  ).rejects.toBeInstanceOf(InvalidNextTokenException);
  const described = await admin.send(new DescribeQueryCommand({ QueryId: other }));
  expect(described).toMatchObject({
    QueryString: `SELECT count(*) FROM ${storeId}`,
    QueryStatistics: { EventsScanned: 250 },
  });
  expect((await admin.send(new GetQueryResultsCommand({ QueryId: other }))).QueryResultRows).toEqual([
    [{ _col0: "250" }],
  ]);
});

test.each([
  ["SELEKT 1", InvalidQueryStatementException],
  ["SELECT * FROM read_text('/etc/passwd')", InvalidQueryStatementException],
  ["SELECT 1 FROM 00000000-0000-4000-8000-000000000000", EventDataStoreNotFoundException],
])("%s is refused", async (statement, type) => {
  await expect(admin.send(new StartQueryCommand({ QueryStatement: statement }))).rejects.toBeInstanceOf(type);
});

test("what the lake lacks in queries is refused honestly", async () => {
  await expect(admin.send(new StartQueryCommand({ QueryAlias: "alias" }))).rejects.toBeInstanceOf(
    UnsupportedOperationException,
  );
  await expect(
    admin.send(new StartQueryCommand({ QueryStatement: `SELECT 1 FROM ${storeId}`, DeliveryS3Uri: "s3://bucket" })),
  ).rejects.toBeInstanceOf(UnsupportedOperationException);
});

test("a query, its statement and its result are its account's; within it, the store's rights decide", async () => {
  const QueryId = await ask(`SELECT count(*) FROM ${storeId}`);
  const partner = clientOf(await lake.identity(otherAccount, "partner"));
  await expect(
    partner.send(new StartQueryCommand({ QueryStatement: `SELECT count(*) FROM ${storeId}` })),
  ).rejects.toBeInstanceOf(EventDataStoreNotFoundException);
  for (const command of [new DescribeQueryCommand({ QueryId }), new GetQueryResultsCommand({ QueryId })])
    await expect(partner.send(command as DescribeQueryCommand)).rejects.toBeInstanceOf(QueryIdNotFoundException);
  const reader = clientOf(
    await lake.identity("111122223333", "reader", {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "cloudtrail:DescribeQuery", Resource: storeArn }],
    }),
  );
  expect(await reader.send(new DescribeQueryCommand({ QueryId }))).toMatchObject({ QueryId });
  await expect(reader.send(new GetQueryResultsCommand({ QueryId }))).rejects.toMatchObject({
    name: "AccessDeniedException",
  });
  await expect(
    reader.send(new StartQueryCommand({ QueryStatement: `SELECT count(*) FROM ${storeId}` })),
  ).rejects.toMatchObject({ name: "AccessDeniedException" });
  partner.destroy();
  reader.destroy();
});

test("a query that has ended cannot be cancelled, one under way can", async () => {
  const finished = await ask(`SELECT count(*) FROM ${storeId}`);
  await expect(admin.send(new CancelQueryCommand({ QueryId: finished }))).rejects.toBeInstanceOf(
    InactiveQueryException,
  );
  await lake.put(channelArn, [entry("waited-for")]);
  const { QueryId } = await admin.send(
    new StartQueryCommand({
      QueryStatement: `SELECT count(*) FROM ${storeId} a, ${storeId} b, ${storeId} c, ${storeId} d`,
    }),
  );
  expect(await admin.send(new CancelQueryCommand({ QueryId: QueryId! }))).toMatchObject({
    QueryId,
    QueryStatus: "CANCELLED",
  });
  expect(await ended(QueryId!)).toBe("CANCELLED");
});

test("tags are added, overwritten, removed and listed", async () => {
  for (const ResourceId of [channelArn, storeArn]) {
    await admin.send(
      new AddTagsCommand({
        ResourceId,
        TagsList: [{ Key: "a", Value: "1" }, { Key: "__proto__", Value: "p" }, { Key: "b" }],
      }),
    );
    await admin.send(new AddTagsCommand({ ResourceId, TagsList: [{ Key: "a", Value: "2" }] }));
    await admin.send(
      new RemoveTagsCommand({ ResourceId, TagsList: [{ Key: "b", Value: "ignored" }, { Key: "absent" }] }),
    );
  }
  const { ResourceTagList } = await admin.send(new ListTagsCommand({ ResourceIdList: [channelArn, storeArn] }));
  const TagsList = [
    { Key: "a", Value: "2" },
    { Key: "__proto__", Value: "p" },
  ];
  expect(ResourceTagList).toEqual([
    { ResourceId: channelArn, TagsList },
    { ResourceId: storeArn, TagsList },
  ]);
});

test.each([
  [
    "a key twice",
    () => new AddTagsCommand({ ResourceId: channelArn, TagsList: [{ Key: "x" }, { Key: "x" }] }),
    InvalidTagParameterException,
  ],
  [
    "51 tags",
    () =>
      new AddTagsCommand({
        ResourceId: channelArn,
        TagsList: Array.from({ length: 51 }, (_, at) => ({ Key: `k${at}` })),
      }),
    TagsLimitExceededException,
  ],
  ["text that is no ARN", () => new AddTagsCommand({ ResourceId: "x", TagsList: [] }), CloudTrailARNInvalidException],
  [
    "a trail",
    () => new AddTagsCommand({ ResourceId: "arn:aws:cloudtrail:us-east-1:111122223333:trail/x", TagsList: [] }),
    ResourceTypeNotSupportedException,
  ],
  [
    "a channel that is not there",
    () => new AddTagsCommand({ ResourceId: `${channelArn}0`, TagsList: [] }),
    ChannelNotFoundException,
  ],
])("tags are refused for %s", async (_name, command, type) => {
  await expect(admin.send(command())).rejects.toBeInstanceOf(type);
});
