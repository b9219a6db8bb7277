import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Key, TestLake, account, entry, otherAccount } from "./test-lake.ts";

let lake: TestLake;
let storeArn: string;
let channelArn: string;
let partner: Key;
beforeAll(async () => {
  lake = await TestLake.start();
  storeArn = await lake.store();
  channelArn = await lake.channel([storeArn]);
  partner = await lake.identity(otherAccount, "partner");
});
afterAll(() => lake.close());

const missing = (arn: string): string => arn.replace(/[^/]+$/, "00000000-0000-4000-8000-000000000000");
const allow = (Action: string | string[], Resource = "*", Condition?: object): object => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource, ...(Condition && { Condition }) }],
});

const channelPolicy = (principal: string, Condition?: object, Effect = "Allow"): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect,
        Principal: { AWS: principal },
        Action: "cloudtrail-data:PutAuditEvents",
        Resource: channelArn,
        ...(Condition && { Condition }),
      },
    ],
  });

async function setPolicy(text: string): Promise<void> {
  expect(await lake.control("PutResourcePolicy", { ResourceArn: channelArn, ResourcePolicy: text })).toMatchObject({
    status: 200,
  });
}

describe("an identity without a policy", () => {
  test("may do nothing, and does not learn what exists", async () => {
    const key = await lake.identity(account, "newcomer");
    const calls: readonly [string, object, object][] = [
      ["GetChannel", { Channel: channelArn }, { Channel: missing(channelArn) }],
      ["DeleteChannel", { Channel: channelArn }, { Channel: missing(channelArn) }],
      ["GetEventDataStore", { EventDataStore: storeArn }, { EventDataStore: missing(storeArn) }],
      ["GetResourcePolicy", { ResourceArn: channelArn }, { ResourceArn: missing(channelArn) }],
      [
        "PutResourcePolicy",
        { ResourceArn: channelArn, ResourcePolicy: "{}" },
        { ResourceArn: missing(channelArn), ResourcePolicy: "{}" },
      ],
    ];
    for (const [operation, existing, absent] of calls) {
      const there = await lake.control(operation, existing, { key });
      const notThere = await lake.control(operation, absent, { key });
      expect({ operation, status: there.status, type: there.json["__type"] }).toEqual({
        operation,
        status: 403,
        type: "AccessDeniedException",
      });
      expect(there.text.replaceAll(/[0-9a-f-]{36}/g, "ID")).toBe(notThere.text.replaceAll(/[0-9a-f-]{36}/g, "ID"));
    }
    for (const operation of ["ListChannels", "ListEventDataStores"])
      expect(await lake.control(operation, {}, { key })).toMatchObject({ status: 403 });
    expect(await lake.control("CreateEventDataStore", { Name: "mine" }, { key })).toMatchObject({ status: 403 });
    expect(await lake.put(channelArn, [entry("a")], { key })).toMatchObject({
      status: 403,
      json: { __type: "AccessDeniedException" },
    });
  });
});

describe("an identity with a policy", () => {
  test("for one store alone does not learn that there is a query over another", async () => {
    const { QueryId } = (
      await lake.control("StartQuery", { QueryStatement: `SELECT count(*) FROM ${storeArn.split("/")[1]}` })
    ).json;
    const key = await lake.identity(account, "elsewhere", allow("*", missing(storeArn)));
    for (const operation of ["DescribeQuery", "GetQueryResults", "CancelQuery"]) {
      const there = await lake.control(operation, { QueryId }, { key });
      expect(there).toMatchObject({ status: 403, json: { __type: "AccessDeniedException" } });
      const notThere = await lake.control(operation, { QueryId: missing("/x").slice(1) }, { key });
      expect(there.text).toBe(notThere.text);
    }
  });

  test("may do what it says: action, resource, request tags", async () => {
    const key = await lake.identity(
      account,
      "tagger",
      allow("cloudtrail:CreateChannel", "*", { StringEquals: { "aws:RequestTag/team": "audit" } }),
    );
    const input = {
      Name: "tagged",
      Source: "GitHub",
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: storeArn }],
    };
    expect(await lake.control("CreateChannel", input, { key })).toMatchObject({ status: 403 });
    expect(
      await lake.control("CreateChannel", { ...input, Tags: [{ Key: "team", Value: "sales" }] }, { key }),
    ).toMatchObject({ status: 403 });
    const made = await lake.control("CreateChannel", { ...input, Tags: [{ Key: "team", Value: "audit" }] }, { key });
    expect(made).toMatchObject({ status: 200, json: { Tags: [{ Key: "team", Value: "audit" }] } });
    expect(await lake.control("GetChannel", { Channel: made.json["ChannelArn"] }, { key })).toMatchObject({
      status: 403,
    });
    const reader = await lake.identity(
      account,
      "reader",
      allow("cloudtrail:Get*", "*", { StringEquals: { "aws:ResourceTag/team": "audit" } }),
    );
    expect(await lake.control("GetChannel", { Channel: made.json["ChannelArn"] }, { key: reader })).toMatchObject({
      status: 200,
    });
    expect(await lake.control("GetChannel", { Channel: channelArn }, { key: reader })).toMatchObject({ status: 403 });
  });

  test("may put events into the one channel it names", async () => {
    const key = await lake.identity(account, "sender", allow("cloudtrail-data:PutAuditEvents", channelArn));
    expect(await lake.put(channelArn, [entry("a")], { key })).toMatchObject({ status: 200, json: { failed: [] } });
    expect(await lake.control("ListChannels", {}, { key })).toMatchObject({ status: 403 });
  });
});

describe("another account", () => {
  test("sees nothing of this one", async () => {
    expect(await lake.control("ListChannels", {}, { key: partner })).toMatchObject({
      status: 200,
      json: { Channels: [] },
    });
    expect(await lake.control("ListEventDataStores", {}, { key: partner })).toMatchObject({
      status: 200,
      json: { EventDataStores: [] },
    });
    const there = await lake.control("GetChannel", { Channel: channelArn }, { key: partner });
    const notThere = await lake.control("GetChannel", { Channel: missing(channelArn) }, { key: partner });
    expect([there.status, notThere.status]).not.toContain(200);
    expect(there.text.replaceAll(/[0-9a-f-]{36}/g, "ID")).toBe(notThere.text.replaceAll(/[0-9a-f-]{36}/g, "ID"));
    const location = [{ Type: "EVENT_DATA_STORE", Location: storeArn }];
    const absent = [{ Type: "EVENT_DATA_STORE", Location: missing(storeArn) }];
    const a = await lake.control(
      "CreateChannel",
      { Name: "theirs", Source: "Custom", Destinations: location },
      { key: partner },
    );
    const b = await lake.control(
      "CreateChannel",
      { Name: "theirs", Source: "Custom", Destinations: absent },
      { key: partner },
    );
    expect(a.status).toBe(400);
    expect(a.text).toBe(b.text);
  });

  test("gets one answer for a channel that refuses it and one that is not there", async () => {
    await setPolicy(channelPolicy(`arn:aws:iam::${account}:root`));
    const refused = await lake.put(channelArn, [entry("a")], { key: partner });
    const absent = await lake.put(missing(channelArn), [entry("a")], { key: partner });
    expect(refused).toMatchObject({ status: 400, json: { __type: "ChannelInsufficientPermission" } });
    expect(absent.text.replaceAll(/[0-9a-f-]{36}/g, "ID")).toBe(refused.text.replaceAll(/[0-9a-f-]{36}/g, "ID"));
  });

  test("may put events when the channel's policy and its own both allow it, with the external id", async () => {
    await setPolicy(channelPolicy(otherAccount, { StringEquals: { "cloudtrail:ExternalId": "secret-1" } }));
    const query = (externalId?: string): { query: Record<string, string>; key: Key } => ({
      query: { channelArn, ...(externalId !== undefined && { externalId }) },
      key: partner,
    });
    expect(await lake.put(channelArn, [entry("x1")], query("secret-1"))).toMatchObject({
      status: 200,
      json: { failed: [] },
    });
    for (const id of [undefined, "secret-2", "Secret-1"])
      expect(await lake.put(channelArn, [entry("x2")], query(id))).toMatchObject({
        status: 400,
        json: { __type: "ChannelInsufficientPermission" },
      });
    const powerless = await lake.identity(otherAccount, "powerless");
    expect(await lake.put(channelArn, [entry("x3")], { ...query("secret-1"), key: powerless })).toMatchObject({
      status: 403,
      json: { __type: "AccessDeniedException" },
    });
    // The owner needs the external id too.
    expect(await lake.put(channelArn, [entry("x4")])).toMatchObject({
      status: 400,
      json: { __type: "ChannelInsufficientPermission" },
    });
    expect(await lake.put(channelArn, [entry("x4")], { query: { channelArn, externalId: "secret-1" } })).toMatchObject({
      status: 200,
    });
  });

  test("a policy that gates some of its statements by an external id is accepted with a warning in the log", async () => {
    const gated = JSON.parse(channelPolicy(otherAccount, { StringEquals: { "cloudtrail:ExternalId": "s-1" } }));
    const open = JSON.parse(channelPolicy(account));
    const count = lake.faults.length;
    // Care goes on meanwhile, and says so.
    const warnings = () => lake.faults.slice(count).filter(({ level }) => level !== "debug");
    await setPolicy(JSON.stringify(gated));
    expect(warnings()).toEqual([]);
    await setPolicy(JSON.stringify({ ...gated, Statement: [...gated.Statement, ...open.Statement] }));
    expect(warnings()).toMatchObject([{ level: "warning", message: expect.stringContaining(channelArn) }]);
  });

  test("is refused by a Deny whatever else allows it", async () => {
    const both = JSON.parse(channelPolicy(otherAccount)) as { Statement: object[] };
    const deny = JSON.parse(channelPolicy(otherAccount, undefined, "Deny")) as { Statement: object[] };
    await setPolicy(JSON.stringify({ ...both, Statement: [...both.Statement, ...deny.Statement] }));
    expect(await lake.put(channelArn, [entry("d1")], { key: partner })).toMatchObject({
      status: 403,
      json: { __type: "AccessDeniedException" },
    });
    await setPolicy(JSON.stringify(both));
    expect(await lake.put(channelArn, [entry("d1")], { key: partner })).toMatchObject({ status: 200 });
  });
});
