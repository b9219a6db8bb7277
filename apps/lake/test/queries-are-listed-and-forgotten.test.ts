import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  CloudTrailClient,
  DescribeQueryCommand,
  EventDataStoreARNInvalidException,
  EventDataStoreNotFoundException,
  GetQueryResultsCommand,
  InactiveEventDataStoreException,
  InvalidDateRangeException,
  InvalidMaxResultsException,
  InvalidNextTokenException,
  InvalidQueryStatusException,
  ListQueriesCommand,
  type ListQueriesCommandInput,
  type ListQueriesCommandOutput,
  QueryIdNotFoundException,
  StartQueryCommand,
} from "@aws-sdk/client-cloudtrail";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { ResultStore } from "../src/query/result-store.ts";
import { memoryObjects } from "./memory-tables.ts";
import { TestLake, account } from "./test-lake.ts";

const day = 86_400_000;
const begin = Date.now();
let now = begin;
const clock = { now: () => now, monotonic: () => performance.now() };
let lake: TestLake;
let storeArn: string;
let otherArn: string;
let pendingArn: string;
/** Queries over the first store in the order of their creation, a minute apart. */
const queryIds: string[] = [];

// The clock of the tests is days away from that of the client.
const client = (): CloudTrailClient =>
  new CloudTrailClient({ region: "us-east-1", endpoint: lake.url, credentials: lake.admin, maxAttempts: 1 });
const list = (input: Partial<ListQueriesCommandInput> = {}): Promise<ListQueriesCommandOutput> =>
  client().send(new ListQueriesCommand({ EventDataStore: storeArn, ...input }));
const ids = ({ Queries }: ListQueriesCommandOutput): readonly (string | undefined)[] =>
  Queries!.map(({ QueryId }) => QueryId);

const at = (minutes: number): Date => new Date(begin + minutes * 60_000);

async function query(arn: string, what = "count(*)"): Promise<string> {
  const statement = `SELECT ${what} FROM ${arn.split("/")[1]}`;
  const { QueryId } = await client().send(new StartQueryCommand({ QueryStatement: statement }));
  return QueryId!;
}

async function ended(QueryId: string): Promise<string> {
  for (;;) {
    const { QueryStatus } = await client().send(new DescribeQueryCommand({ QueryId }));
    if (QueryStatus !== "QUEUED" && QueryStatus !== "RUNNING") return QueryStatus!;
  }
}

beforeAll(async () => {
  lake = await TestLake.start({ clock, maxSkewMs: 1e12 });
  storeArn = await lake.store("one");
  otherArn = await lake.store("two");
  pendingArn = await lake.store("pending");
  for (const what of ["count(*)", "1 AS n", "eventid"]) {
    const queryId = await query(storeArn, what);
    await ended(queryId);
    queryIds.push(queryId);
    now += 60_000;
  }
  await ended(await query(otherArn));
  const catalog = await openSqliteCatalog({ file: join(lake.data, "catalog.sqlite"), clock });
  const { generation, stores } = await catalog.readControl();
  const store = [...stores.values()].find(({ arn }) => arn === pendingArn)!;
  await catalog.changeControl(generation, [{ kind: "putStore", store: { ...store, status: "PENDING_DELETION" } }]);
  await catalog.close();
});
afterAll(() => lake.close());

describe("ListQueries", () => {
  test("names the queries of the store, oldest first, with status and time", async () => {
    expect((await list()).Queries).toEqual(
      queryIds.map((QueryId, index) => ({
        QueryId,
        QueryStatus: "FINISHED",
        CreationTime: at(index),
      })),
    );
  });

  test("takes the store by its id", async () => {
    expect(ids(await list({ EventDataStore: storeArn.split("/")[1] }))).toEqual(queryIds);
  });

  test("keeps to the range of time", async () => {
    expect(ids(await list({ StartTime: at(1) }))).toEqual(queryIds.slice(1));
    expect(ids(await list({ EndTime: at(1) }))).toEqual(queryIds.slice(0, 2));
    expect(ids(await list({ StartTime: at(0.5), EndTime: at(1.5) }))).toEqual([queryIds[1]]);
    expect(ids(await list({ StartTime: at(9) }))).toEqual([]);
  });

  test("keeps to the status", async () => {
    expect(ids(await list({ QueryStatus: "FINISHED" }))).toEqual(queryIds);
    expect(ids(await list({ QueryStatus: "FAILED" }))).toEqual([]);
  });

  test("pages by a token that is bound to the call", async () => {
    const first = await list({ MaxResults: 2 });
    expect(ids(first)).toEqual(queryIds.slice(0, 2));
    const { NextToken } = first;
    const second = await list({ MaxResults: 2, NextToken });
    expect(ids(second)).toEqual(queryIds.slice(2));
    expect(second).not.toHaveProperty("NextToken");
    for (const other of [{ MaxResults: 1 }, { EventDataStore: otherArn }, { QueryStatus: "FINISHED" as const }])
      await expect(list({ MaxResults: 2, ...other, NextToken })).rejects.toBeInstanceOf(InvalidNextTokenException);
  });

  test("is for who may", async () => {
    const clerk = await lake.identity(account, "clerk", {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "cloudtrail:GetEventDataStore", Resource: "*" }],
    });
    const refused = await lake.control("ListQueries", { EventDataStore: storeArn }, { key: clerk });
    expect(refused).toMatchObject({ status: 403, json: { __type: "AccessDeniedException" } });
  });

  const refusals: readonly [string, () => object, new (...args: never[]) => Error, number][] = [
    [
      "a range that ends before it starts",
      () => ({ StartTime: new Date(2e12), EndTime: new Date(1e12) }),
      InvalidDateRangeException,
      400,
    ],
    [
      "a range of nothing",
      () => ({ StartTime: new Date(1e12), EndTime: new Date(1e12) }),
      InvalidDateRangeException,
      400,
    ],
    ["an unknown status", () => ({ QueryStatus: "DONE" }), InvalidQueryStatusException, 400],
    ["no results", () => ({ MaxResults: 0 }), InvalidMaxResultsException, 400],
    ["1001 results", () => ({ MaxResults: 1001 }), InvalidMaxResultsException, 400],
    ["a token that nobody gave", () => ({ NextToken: "AAAABBBB" }), InvalidNextTokenException, 400],
    ["a store that is not there", () => ({ EventDataStore: "no-such-store" }), EventDataStoreNotFoundException, 404],
    ["what is no store", () => ({ EventDataStore: "arn:aws:s3:::bucket" }), EventDataStoreARNInvalidException, 400],
    [
      "a store that waits for its deletion",
      () => ({ EventDataStore: pendingArn }),
      InactiveEventDataStoreException,
      400,
    ],
  ];
  test.each(refusals)("refuses %s", async (_name, input, type, status) => {
    const error: unknown = await list(input()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ $metadata: { httpStatusCode: status } });
  });
});

test("a query and its results are there for seven days after its end, then neither is, also over a restart", async () => {
  const [QueryId] = queryIds;
  const results = join(lake.data, "objects", "results", QueryId!);
  now = begin + 7 * day - 1;
  expect(ids(await list())).toEqual(queryIds);
  const read = await client().send(new GetQueryResultsCommand({ QueryId }));
  expect(read.QueryResultRows).toEqual([[{ _col0: "0" }]]);
  expect(readdirSync(results)).not.toEqual([]);

  now = begin + 7 * day;
  const gone = expect.objectContaining({ name: "QueryIdNotFoundException" });
  await expect(client().send(new GetQueryResultsCommand({ QueryId }))).rejects.toEqual(gone);
  await expect(client().send(new DescribeQueryCommand({ QueryId }))).rejects.toEqual(gone);

  await lake.lake.close();
  await lake.serve();
  await expect.poll(() => existsSync(results)).toBe(false);
  expect(readdirSync(join(lake.data, "objects", "results", queryIds[1]!))).not.toEqual([]);
  await expect(client().send(new DescribeQueryCommand({ QueryId }))).rejects.toBeInstanceOf(QueryIdNotFoundException);
  now += 60_000 - 1;
  expect(ids(await list()), "the others have time left").toEqual(queryIds.slice(1));
  expect(await ended(queryIds[1]!)).toBe("FINISHED");
  now = begin;
});

async function* pages(): AsyncGenerator<readonly (readonly string[])[]> {
  yield Array.from({ length: 12_000 }, (_, row) => [String(row)]);
}

test("a deletion that was cut short anywhere is finished by the next one", async () => {
  for (let allowed = 0; allowed <= 4; allowed++) {
    const objects = memoryObjects();
    await new ResultStore(objects).write("q", ["n"], pages());
    expect(objects.stored.size).toBe(4);
    let deletions = 0;
    const failing = {
      ...objects,
      delete: (path: string): Promise<void> =>
        deletions++ < allowed ? objects.delete(path) : Promise.reject(new Error("cut short")),
    };
    await new ResultStore(failing).delete("q").catch(() => undefined);
    await new ResultStore(objects).delete("q");
    expect([...objects.stored.keys()], `after ${allowed} deletions`).toEqual([]);
  }
});
