import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Answer, type Key, TestLake, account, entry, otherAccount, run } from "./test-lake.ts";

// Processes start and stop here, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const all = [
  "cloudtrail:StartQuery",
  "cloudtrail:DescribeQuery",
  "cloudtrail:GetQueryResults",
  "cloudtrail:CancelQuery",
  "cloudtrail:ListQueries",
  "cloudtrail:GetEventDataStore",
];
const third = "777788889999";
const unknownId = "00000000-0000-4000-8000-000000000000";

let lake: TestLake;
/** Of the owner, of the partner, of a third account. */
let storeArn: string;
let ownArn: string;
let thirdArn: string;
let partner: Key;
let thirdAdmin: Key;

const idOf = (arn: string): string => arn.split("/")[1]!;

function policy(statements: readonly object[], arn = storeArn): string {
  const common = { Effect: "Allow", Principal: { AWS: otherAccount }, Action: all, Resource: arn };
  return JSON.stringify({ Version: "2012-10-17", Statement: statements.map((each) => ({ ...common, ...each })) });
}

async function share(statements: readonly object[] = [{}], arn = storeArn, key?: Key): Promise<void> {
  const put = await lake.control(
    "PutResourcePolicy",
    { ResourceArn: arn, ResourcePolicy: policy(statements, arn) },
    { key },
  );
  expect(put).toMatchObject({ status: 200, json: { ResourceArn: arn } });
}

async function unshare(arn = storeArn): Promise<void> {
  expect((await lake.control("DeleteResourcePolicy", { ResourceArn: arn })).status).toBe(200);
}

const asPartner = (operation: string, input: object): Promise<Answer> =>
  lake.control(operation, input, { key: partner });
const start = (from: string, more: object = {}): Promise<Answer> =>
  asPartner("StartQuery", { QueryStatement: `SELECT count(*) AS n FROM ${from}`, ...more });

async function ended(queryId: unknown): Promise<string> {
  for (;;) {
    const { json } = await asPartner("DescribeQuery", { QueryId: queryId });
    if (json["QueryStatus"] !== "QUEUED" && json["QueryStatus"] !== "RUNNING") return String(json["QueryStatus"]);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** An answer without what differs from call to call: ids. */
const told = ({ status, text }: Answer): unknown => ({ status, text: text.replaceAll(/[0-9a-f-]{36}/g, "ID") });

beforeAll(async () => {
  lake = await TestLake.start();
  storeArn = await lake.store();
  partner = await lake.identity(otherAccount, "partner");
  ownArn = await lake.store("own", partner);
  thirdAdmin = await lake.identity(third, "third");
  thirdArn = await lake.store("theirs", thirdAdmin);
  const channelArn = await lake.channel([storeArn]);
  await lake.put(channelArn, [entry("a"), entry("b")]);
});
afterAll(() => lake.close());
beforeEach(() => share());

test("the policy of a store is kept byte for byte, and deleted", async () => {
  const text = `${policy([{}])}\n `;
  expect((await lake.control("PutResourcePolicy", { ResourceArn: storeArn, ResourcePolicy: text })).json).toEqual({
    ResourceArn: storeArn,
    ResourcePolicy: text,
  });
  expect((await lake.control("GetResourcePolicy", { ResourceArn: storeArn })).json["ResourcePolicy"]).toBe(text);
  await unshare();
  for (const operation of ["GetResourcePolicy", "DeleteResourcePolicy"])
    expect(await lake.control(operation, { ResourceArn: storeArn })).toMatchObject({
      status: 404,
      json: { __type: "ResourcePolicyNotFoundException" },
    });
});

test.each([
  ["an action of ingestion", [{ Action: "cloudtrail-data:PutAuditEvents" }]],
  ["an action of the owner alone", [{ Action: "cloudtrail:DeleteEventDataStore" }]],
  ["a wildcard", [{ Action: "cloudtrail:*" }]],
  ["another resource", [{ Resource: `arn:aws:cloudtrail:us-east-1:${account}:eventdatastore/${unknownId}` }]],
  ["everybody", [{ Principal: "*" }]],
])("a policy with %s is refused", async (_name, statements) => {
  const ResourcePolicy = policy(statements);
  expect(await lake.control("PutResourcePolicy", { ResourceArn: storeArn, ResourcePolicy })).toMatchObject({
    status: 400,
    json: { __type: "ResourcePolicyNotValidException" },
  });
});

describe("an account whom the policy names", () => {
  test("queries the store and reads, lists and describes its queries", async () => {
    const started = await start(idOf(storeArn), { EventDataStoreOwnerAccountId: account });
    expect(started).toMatchObject({ status: 200, json: { EventDataStoreOwnerAccountId: account } });
    const { QueryId } = started.json;
    expect(await ended(QueryId)).toBe("FINISHED");
    for (const more of [{}, { EventDataStoreOwnerAccountId: account }, { EventDataStore: storeArn }]) {
      expect((await asPartner("GetQueryResults", { QueryId, ...more })).json).toMatchObject({
        QueryStatus: "FINISHED",
        QueryResultRows: [[{ n: "2" }]],
      });
      expect((await asPartner("DescribeQuery", { QueryId, ...more })).json).toMatchObject({
        QueryId,
        EventDataStoreOwnerAccountId: account,
      });
    }
    expect((await asPartner("ListQueries", { EventDataStore: storeArn })).json["Queries"]).toMatchObject([
      { QueryId, QueryStatus: "FINISHED" },
    ]);
    expect((await asPartner("GetEventDataStore", { EventDataStore: storeArn })).json).toMatchObject({
      EventDataStoreArn: storeArn,
    });
    expect(await asPartner("CancelQuery", { QueryId })).toMatchObject({
      status: 400,
      json: { __type: "InactiveQueryException" },
    });
  });

  test("need not name the owner, and joins its own store and the shared one", async () => {
    const { json } = await asPartner("StartQuery", {
      QueryStatement: `SELECT count(*) AS n FROM ${idOf(storeArn)} UNION ALL SELECT count(*) FROM ${idOf(ownArn)}`,
    });
    expect(json).toMatchObject({ EventDataStoreOwnerAccountId: account });
    expect(await ended(json["QueryId"])).toBe("FINISHED");
    const { json: results } = await asPartner("GetQueryResults", { QueryId: json["QueryId"] });
    expect(results["QueryResultRows"]).toHaveLength(2);
  });

  test("does not find its query under another owner or another store", async () => {
    const { QueryId } = (await start(idOf(storeArn))).json;
    for (const more of [
      { EventDataStoreOwnerAccountId: third },
      { EventDataStoreOwnerAccountId: otherAccount },
      { EventDataStore: ownArn },
    ])
      for (const operation of ["DescribeQuery", "GetQueryResults", "CancelQuery"])
        expect(await asPartner(operation, { QueryId, ...more })).toMatchObject({
          status: 404,
          json: { __type: "QueryIdNotFoundException" },
        });
    expect(await asPartner("DescribeQuery", { QueryId, EventDataStore: "arn:aws:s3:::b" })).toMatchObject({
      status: 400,
      json: { __type: "EventDataStoreARNInvalidException" },
    });
    await ended(QueryId);
  });

  test("needs the permission of its own account too", async () => {
    const clerk = await lake.identity(otherAccount, "clerk", {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "cloudtrail:GetEventDataStore", Resource: "*" }],
    });
    const input = { QueryStatement: `SELECT 1 FROM ${idOf(storeArn)}` };
    expect(await lake.control("StartQuery", input, { key: clerk })).toMatchObject({ status: 403 });
    expect(await lake.control("GetEventDataStore", { EventDataStore: storeArn }, { key: clerk })).toMatchObject({
      status: 200,
    });
  });

  test("may do nothing else with the store", async () => {
    for (const [operation, input] of [
      ["UpdateEventDataStore", { EventDataStore: storeArn, Name: "stolen" }],
      ["GetResourcePolicy", { ResourceArn: storeArn }],
      ["PutResourcePolicy", { ResourceArn: storeArn, ResourcePolicy: policy([{}]) }],
      ["DeleteResourcePolicy", { ResourceArn: storeArn }],
      ["AddTags", { ResourceId: storeArn, TagsList: [{ Key: "a", Value: "b" }] }],
      ["ListTags", { ResourceIdList: [storeArn] }],
    ] as const)
      expect({ operation, status: (await asPartner(operation, input)).status }).not.toEqual({ operation, status: 200 });
    const destination = {
      Name: "c",
      Source: "Custom",
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: storeArn }],
    };
    expect((await asPartner("CreateChannel", destination)).status).toBe(400);
    expect((await asPartner("ListEventDataStores", {})).json["EventDataStores"]).toMatchObject([
      { EventDataStoreArn: ownArn },
    ]);
  });

  test("that lost the grant reads nothing any more, also while the query still runs, and reads again once it is back", async () => {
    const { QueryId } = (await start(idOf(storeArn))).json;
    await unshare();
    for (const operation of ["DescribeQuery", "GetQueryResults", "CancelQuery"]) {
      const refused = await asPartner(operation, { QueryId });
      expect(refused).toMatchObject({ status: 404, json: { __type: "QueryIdNotFoundException" } });
      expect(told(refused)).toEqual(told(await asPartner(operation, { QueryId: unknownId })));
    }
    await share();
    await ended(QueryId);
    await share([{ Action: "cloudtrail:DescribeQuery" }]);
    expect((await asPartner("DescribeQuery", { QueryId })).status).toBe(200);
    expect((await asPartner("GetQueryResults", { QueryId })).status).toBe(404);
    await share();
    expect((await asPartner("GetQueryResults", { QueryId })).json).toMatchObject({ QueryResultRows: [[{ n: "2" }]] });
  });
});

describe("whom no policy names", () => {
  const refusals: readonly [string, () => Promise<void>][] = [
    ["no policy", () => unshare()],
    ["a policy for others", () => share([{ Principal: { AWS: third } }])],
    ["a policy for another action", () => share([{ Action: "cloudtrail:GetQueryResults" }])],
    ["a Deny", () => share([{}, { Effect: "Deny" }])],
    ["a condition that fails", () => share([{ Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } } }])],
  ];
  test.each(refusals)("gets the answer of a store that is not there: %s", async (_, refuse) => {
    await refuse();
    expect(told(await start(idOf(storeArn)))).toEqual(told(await start(unknownId)));
    expect(await start(idOf(storeArn))).toMatchObject({
      status: 404,
      json: { __type: "EventDataStoreNotFoundException" },
    });
    const absent = storeArn.replace(idOf(storeArn), unknownId);
    for (const operation of ["GetEventDataStore", "ListQueries"]) {
      const there = await asPartner(operation, { EventDataStore: storeArn });
      expect(told(there)).toEqual(told(await asPartner(operation, { EventDataStore: absent })));
      expect(there.status).toBe(400);
      expect(told(await asPartner(operation, { EventDataStore: idOf(storeArn) }))).toEqual(
        told(await asPartner(operation, { EventDataStore: unknownId })),
      );
    }
  });

  test("gets it for a named owner that is not the store's", async () => {
    expect(await start(idOf(storeArn), { EventDataStoreOwnerAccountId: third })).toMatchObject({ status: 404 });
  });

  test("a query over the stores of two owners needs both", async () => {
    const from = `${idOf(storeArn)} UNION ALL SELECT count(*) FROM ${idOf(thirdArn)}`;
    expect(await start(from)).toMatchObject({ status: 404 });
    await share([{}], thirdArn, thirdAdmin);
    const { status, json } = await start(from);
    expect(status).toBe(200);
    expect(await ended(json["QueryId"])).toBe("FINISHED");
    await unshare();
    expect((await asPartner("GetQueryResults", { QueryId: json["QueryId"] })).status).toBe(404);
  });

  test("an account that is shut out shares nothing", async () => {
    expect(await run(["account", "disable", "--data", lake.data, "--account", account])).toMatchObject({ code: 0 });
    expect(told(await start(idOf(storeArn)))).toEqual(told(await start(unknownId)));
    expect(await run(["account", "enable", "--data", lake.data, "--account", account])).toMatchObject({ code: 0 });
    expect((await start(idOf(storeArn))).status).toBe(200);
  });
});

describe("the owner", () => {
  test("does not see queries that others started", async () => {
    const { QueryId } = (await start(idOf(storeArn))).json;
    expect((await lake.control("DescribeQuery", { QueryId })).status).toBe(404);
    expect((await lake.control("ListQueries", { EventDataStore: storeArn })).json["Queries"]).toEqual([]);
    await ended(QueryId);
  });

  test("is bound by a Deny of the store's policy, and a user it names needs no other", async () => {
    const named = await lake.identity(account, "named", {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "cloudtrail:ListChannels", Resource: "*" }],
    });
    const input = { QueryStatement: `SELECT 1 FROM ${idOf(storeArn)}` };
    expect((await lake.control("StartQuery", input, { key: named })).status).toBe(403);
    await share([{ Principal: { AWS: `arn:aws:iam::${account}:user/named` } }]);
    expect((await lake.control("StartQuery", input, { key: named })).status).toBe(200);
    await share([{ Effect: "Deny", Principal: { AWS: account } }]);
    expect(await lake.control("StartQuery", input)).toMatchObject({
      status: 403,
      json: { __type: "AccessDeniedException" },
    });
  });

  test("names nobody else as the owner of its own store, as it does later where it reads the query", async () => {
    const input = { QueryStatement: `SELECT 1 FROM ${idOf(storeArn)}` };
    for (const EventDataStoreOwnerAccountId of [otherAccount, third])
      expect(await lake.control("StartQuery", { ...input, EventDataStoreOwnerAccountId })).toMatchObject({
        status: 404,
        json: { __type: "EventDataStoreNotFoundException" },
      });
    const own = await lake.control("StartQuery", { ...input, EventDataStoreOwnerAccountId: account });
    expect(own).toMatchObject({ status: 200, json: { EventDataStoreOwnerAccountId: account } });
  });
});

test("ten queries at once are the account's that asks, not the owner's", async () => {
  const slow = `SELECT count(*) FROM ${idOf(storeArn)} a, UNNEST(sequence(1, 100000)) AS t(x), UNNEST(sequence(1, 100000)) AS u(y) WHERE x * y % 7 = 3`;
  const started: unknown[] = [];
  for (let n = 0; n < 10; n++) {
    const { json } = await asPartner("StartQuery", { QueryStatement: slow });
    expect(json).toMatchObject({ QueryId: expect.any(String) as string });
    started.push(json["QueryId"]);
  }
  expect(await asPartner("StartQuery", { QueryStatement: slow })).toMatchObject({
    status: 429,
    json: { __type: "MaxConcurrentQueriesException" },
  });
  const own = await lake.control("StartQuery", { QueryStatement: `SELECT 1 FROM ${idOf(storeArn)}` });
  expect(own.status).toBe(200);
  for (const QueryId of started)
    expect(await asPartner("CancelQuery", { QueryId })).toMatchObject({
      status: 200,
      json: { QueryId, QueryStatus: "CANCELLED", EventDataStoreOwnerAccountId: account },
    });
});
