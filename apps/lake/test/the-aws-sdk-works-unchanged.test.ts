import {
  ChannelAlreadyExistsException,
  ChannelARNInvalidException,
  ChannelMaxLimitExceededException,
  ChannelNotFoundException,
  CloudTrailClient,
  CreateChannelCommand,
  type CreateChannelCommandInput,
  CreateEventDataStoreCommand,
  type CreateEventDataStoreCommandInput,
  DeleteChannelCommand,
  DeleteResourcePolicyCommand,
  EventDataStoreAlreadyExistsException,
  EventDataStoreARNInvalidException,
  EventDataStoreMaxLimitExceededException,
  EventDataStoreNotFoundException,
  GetChannelCommand,
  GetEventDataStoreCommand,
  GetQueryResultsCommand,
  GetResourcePolicyCommand,
  InvalidEventSelectorsException,
  InvalidNextTokenException,
  InvalidParameterException,
  InvalidSourceException,
  InvalidTagParameterException,
  ListChannelsCommand,
  ListEventDataStoresCommand,
  ListTrailsCommand,
  PutResourcePolicyCommand,
  QueryIdNotFoundException,
  ResourceARNNotValidException,
  ResourceNotFoundException,
  ResourcePolicyNotFoundException,
  ResourcePolicyNotValidException,
  ResourceTypeNotSupportedException,
  TagsLimitExceededException,
  UnsupportedOperationException,
  UpdateChannelCommand,
} from "@aws-sdk/client-cloudtrail";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestLake, account, activity } from "./test-lake.ts";

let lake: TestLake;
let client: CloudTrailClient;
beforeAll(async () => {
  lake = await TestLake.start();
  client = new CloudTrailClient({ region: "us-east-1", endpoint: lake.url, credentials: lake.admin, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await lake.close();
});

let stores = 0;
const eds = (input: Partial<CreateEventDataStoreCommandInput>): CreateEventDataStoreCommand =>
  new CreateEventDataStoreCommand({ Name: `store-${stores++}`, AdvancedEventSelectors: activity, ...input });
const unknown = "00000000-0000-4000-8000-000000000000";

let storeArn: string;
let channelArn: string;
const channel = (input: Partial<CreateChannelCommandInput>): CreateChannelCommand =>
  new CreateChannelCommand({
    Name: "another",
    Source: "GitHub",
    Destinations: [{ Type: "EVENT_DATA_STORE", Location: storeArn }],
    ...input,
  });

test("a store is made with the documented defaults and read back", async () => {
  const made = await client.send(eds({ Name: "events", TagsList: [{ Key: "team", Value: "audit" }] }));
  expect(made).toMatchObject({
    Name: "events",
    Status: "ENABLED",
    MultiRegionEnabled: false,
    OrganizationEnabled: false,
    RetentionPeriod: 366,
    TerminationProtectionEnabled: true,
    BillingMode: "EXTENDABLE_RETENTION_PRICING",
    AdvancedEventSelectors: activity,
    TagsList: [{ Key: "team", Value: "audit" }],
  });
  expect(made.EventDataStoreArn).toMatch(
    new RegExp(`^arn:aws:cloudtrail:us-east-1:${account}:eventdatastore/[0-9a-f-]{36}$`),
  );
  expect(Math.abs(made.CreatedTimestamp!.getTime() - Date.now())).toBeLessThan(60_000);
  storeArn = made.EventDataStoreArn!;
  const got = await client.send(new GetEventDataStoreCommand({ EventDataStore: storeArn.split("/")[1] }));
  expect(got).toMatchObject({
    EventDataStoreArn: storeArn,
    Name: "events",
    FederationStatus: "DISABLED",
    UpdatedTimestamp: made.UpdatedTimestamp,
  });
  expect(await client.send(eds({ BillingMode: "FIXED_RETENTION_PRICING", Name: "fixed" }))).toMatchObject({
    RetentionPeriod: 2557,
  });
  expect(await client.send(eds({ RetentionPeriod: 3653, Name: "longest" }))).toMatchObject({ RetentionPeriod: 3653 });
});

test("a channel is made, read and listed", async () => {
  const made = await client.send(
    new CreateChannelCommand({
      Name: "custom",
      Source: "Custom",
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: storeArn.split("/")[1] }],
      Tags: [{ Key: "a" }],
    }),
  );
  channelArn = made.ChannelArn!;
  const Destinations = [{ Type: "EVENT_DATA_STORE", Location: storeArn }];
  expect(made).toMatchObject({ Name: "custom", Source: "Custom", Destinations, Tags: [{ Key: "a" }] });
  const { $metadata, ...got } = await client.send(new GetChannelCommand({ Channel: channelArn }));
  expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(got).toEqual({ ChannelArn: channelArn, Name: "custom", Source: "Custom", Destinations });
  const listed = await client.send(new ListChannelsCommand({}));
  expect(listed.Channels).toEqual([{ ChannelArn: channelArn, Name: "custom" }]);
  expect(listed.NextToken).toBeUndefined();
});

test("a resource policy is kept byte for byte, replaced and deleted", async () => {
  const text = ` { "Version" : "2012-10-17", "Statement": [ {"Effect":"Allow", "Principal":{"AWS":"${account}"},\n"Action":"cloudtrail-data:PutAuditEvents","Resource":"${channelArn}"} ] }\n`;
  const put = await client.send(new PutResourcePolicyCommand({ ResourceArn: channelArn, ResourcePolicy: text }));
  expect(put).toMatchObject({ ResourceArn: channelArn, ResourcePolicy: text });
  expect(await client.send(new GetResourcePolicyCommand({ ResourceArn: channelArn }))).toMatchObject({
    ResourcePolicy: text,
  });
  await client.send(new DeleteResourcePolicyCommand({ ResourceArn: channelArn }));
  await expect(client.send(new GetResourcePolicyCommand({ ResourceArn: channelArn }))).rejects.toBeInstanceOf(
    ResourcePolicyNotFoundException,
  );
  await expect(client.send(new DeleteResourcePolicyCommand({ ResourceArn: channelArn }))).rejects.toMatchObject({
    name: "ResourcePolicyNotFoundException",
    $metadata: { httpStatusCode: 404 },
  });
});

test("a channel is renamed and pointed elsewhere, its source stays", async () => {
  const other = (await client.send(eds({ Name: "other" }))).EventDataStoreArn!;
  const updated = await client.send(
    new UpdateChannelCommand({
      Channel: channelArn,
      Name: "renamed",
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: other }],
    }),
  );
  expect(updated).toMatchObject({
    ChannelArn: channelArn,
    Name: "renamed",
    Source: "Custom",
    Destinations: [{ Location: other }],
  });
  await expect(client.send(new UpdateChannelCommand({ Channel: channelArn }))).rejects.toBeInstanceOf(
    InvalidParameterException,
  );
});

describe("every refusal arrives as its class, with its status", () => {
  const policy = (statement: object): PutResourcePolicyCommand =>
    new PutResourcePolicyCommand({
      ResourceArn: channelArn,
      ResourcePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: account },
            Action: "cloudtrail-data:PutAuditEvents",
            Resource: channelArn,
            ...statement,
          },
        ],
      }),
    });
  const tags = (count: number): { Key: string; Value: string }[] =>
    Array.from({ length: count }, (_, at) => ({ Key: `k${at}`, Value: "v" }));
  type Sendable = { readonly input: object };
  const cases: readonly [string, () => Sendable, new (...args: never[]) => Error, number][] = [
    ["a channel's name that is taken", () => channel({ Name: "renamed" }), ChannelAlreadyExistsException, 400],
    ["a source that has its channel", () => channel({ Source: "Custom" }), ChannelMaxLimitExceededException, 400],
    ["an unknown source", () => channel({ Source: "okta" }), InvalidSourceException, 400],
    ["an empty source", () => channel({ Source: "" }), InvalidSourceException, 400],
    ["a name of two characters", () => channel({ Name: "ab" }), InvalidParameterException, 400],
    ["no destinations", () => channel({ Destinations: [] }), InvalidParameterException, 400],
    [
      "a destination of another type",
      () => channel({ Destinations: [{ Type: "AWS_SERVICE", Location: "x.amazonaws.com" }] }),
      InvalidParameterException,
      400,
    ],
    [
      "a destination twice",
      () => channel({ Destinations: [storeArn, storeArn].map((Location) => ({ Type: "EVENT_DATA_STORE", Location })) }),
      InvalidParameterException,
      400,
    ],
    [
      "a destination that is not there",
      () => channel({ Destinations: [{ Type: "EVENT_DATA_STORE", Location: unknown }] }),
      EventDataStoreNotFoundException,
      404,
    ],
    [
      "a destination that is no store",
      () => channel({ Destinations: [{ Type: "EVENT_DATA_STORE", Location: channelArn }] }),
      EventDataStoreARNInvalidException,
      400,
    ],
    [
      "a tag key twice",
      () =>
        channel({
          Tags: [
            { Key: "a", Value: "1" },
            { Key: "a", Value: "2" },
          ],
        }),
      InvalidTagParameterException,
      400,
    ],
    ["a reserved tag key", () => channel({ Tags: [{ Key: "aws:x", Value: "1" }] }), InvalidTagParameterException, 400],
    ["an empty tag key", () => channel({ Tags: [{ Key: "", Value: "1" }] }), InvalidTagParameterException, 400],
    ["51 tags", () => channel({ Tags: tags(51) }), TagsLimitExceededException, 400],
    [
      "a channel that is not there",
      () => new GetChannelCommand({ Channel: channelArn.replace(/[^/]+$/, unknown) }),
      ChannelNotFoundException,
      404,
    ],
    [
      "a channel of another region",
      () => new GetChannelCommand({ Channel: channelArn.replace("us-east-1", "eu-west-1") }),
      ChannelARNInvalidException,
      400,
    ],
    ["text that names no channel", () => new GetChannelCommand({ Channel: "a" }), ChannelARNInvalidException, 400],
    [
      "a deletion of a channel that is not there",
      () => new DeleteChannelCommand({ Channel: unknown }),
      ChannelNotFoundException,
      404,
    ],
    ["a store's name that is taken", () => eds({ Name: "events" }), EventDataStoreAlreadyExistsException, 400],
    [
      "a store without selectors",
      () => new CreateEventDataStoreCommand({ Name: "plain" }),
      InvalidEventSelectorsException,
      400,
    ],
    [
      "another category",
      () => eds({ AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] }] }),
      InvalidEventSelectorsException,
      400,
    ],
    [
      "a filter beside the category",
      () =>
        eds({
          AdvancedEventSelectors: [
            { FieldSelectors: [...activity[0]!.FieldSelectors, { Field: "eventName", Equals: ["x"] }] },
          ],
        }),
      InvalidEventSelectorsException,
      400,
    ],
    ["a store of all regions", () => eds({ MultiRegionEnabled: true }), InvalidParameterException, 400],
    ["a store of an organization", () => eds({ OrganizationEnabled: true }), InvalidParameterException, 400],
    ["six days of retention", () => eds({ RetentionPeriod: 6 }), InvalidParameterException, 400],
    [
      "2558 days at the fixed price",
      () => eds({ RetentionPeriod: 2558, BillingMode: "FIXED_RETENTION_PRICING" }),
      InvalidParameterException,
      400,
    ],
    [
      "a store that is not there",
      () => new GetEventDataStoreCommand({ EventDataStore: unknown }),
      EventDataStoreNotFoundException,
      404,
    ],
    [
      "a store of another account",
      () => new GetEventDataStoreCommand({ EventDataStore: storeArn.replace(account, "999999999999") }),
      EventDataStoreARNInvalidException,
      400,
    ],
    [
      "a token that nobody gave",
      () => new ListChannelsCommand({ NextToken: "AAAABBBB" }),
      InvalidNextTokenException,
      400,
    ],
    [
      "a policy for a trail",
      () => new GetResourcePolicyCommand({ ResourceArn: `arn:aws:cloudtrail:us-east-1:${account}:trail/x` }),
      ResourceTypeNotSupportedException,
      400,
    ],
    [
      "a policy for a bucket",
      () => new GetResourcePolicyCommand({ ResourceArn: "arn:aws:s3:::bucket" }),
      ResourceARNNotValidException,
      400,
    ],
    [
      "a policy for a channel that is not there",
      () => new GetResourcePolicyCommand({ ResourceArn: channelArn.replace(/[^/]+$/, unknown) }),
      ResourceNotFoundException,
      400,
    ],
    [
      "a policy that is not JSON",
      () => new PutResourcePolicyCommand({ ResourceArn: channelArn, ResourcePolicy: "{" }),
      ResourcePolicyNotValidException,
      400,
    ],
    [
      "a policy for another channel",
      () => policy({ Resource: `${channelArn}0` }),
      ResourcePolicyNotValidException,
      400,
    ],
    [
      "a policy with another action",
      () => policy({ Action: "cloudtrail-data:*" }),
      ResourcePolicyNotValidException,
      400,
    ],
    [
      "a policy for a service",
      () => policy({ Principal: { Service: "cloudtrail.amazonaws.com" } }),
      ResourcePolicyNotValidException,
      400,
    ],
    [
      "a query that is not there",
      () => new GetQueryResultsCommand({ QueryId: unknown }),
      QueryIdNotFoundException,
      404,
    ],
    ["an operation that the lake lacks", () => new ListTrailsCommand({}), UnsupportedOperationException, 400],
  ];
  test.each(cases)("%s", async (_name, command, type, status) => {
    const error: unknown = await client.send(command() as ListChannelsCommand).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ $metadata: { httpStatusCode: status }, message: expect.stringMatching(/./) });
  });

  test("a store beyond the tenth", async () => {
    const { EventDataStores } = await client.send(new ListEventDataStoresCommand({}));
    for (let count = EventDataStores!.length; count < 10; count++) await client.send(eds({}));
    await expect(client.send(eds({}))).rejects.toBeInstanceOf(EventDataStoreMaxLimitExceededException);
  });
});

test("pages of any size hold every item once, in the order of creation", async () => {
  const all = (await client.send(new ListEventDataStoresCommand({}))).EventDataStores!;
  expect(all).toHaveLength(10);
  for (const MaxResults of [1, 3, 9, 10, 11]) {
    const seen: unknown[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new ListEventDataStoresCommand({ MaxResults, ...(NextToken !== undefined && { NextToken }) }),
      );
      expect(page.EventDataStores!.length).toBeLessThanOrEqual(MaxResults);
      seen.push(...page.EventDataStores!);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toEqual(all);
  }
});

test("a token is good for its own call only", async () => {
  const { NextToken } = await client.send(new ListEventDataStoresCommand({ MaxResults: 1 }));
  const altered = `${NextToken!.slice(0, -2)}${NextToken!.endsWith("AA") ? "BB" : "AA"}`;
  for (const command of [
    new ListEventDataStoresCommand({ MaxResults: 2, NextToken }),
    new ListEventDataStoresCommand({ MaxResults: 1, NextToken: altered }),
    new ListChannelsCommand({ MaxResults: 1, NextToken }),
  ])
    await expect(client.send(command as ListChannelsCommand)).rejects.toBeInstanceOf(InvalidNextTokenException);
  const partner = new CloudTrailClient({
    region: "us-east-1",
    endpoint: lake.url,
    credentials: await lake.identity("444455556666", "partner"),
    maxAttempts: 1,
  });
  await expect(partner.send(new ListEventDataStoresCommand({ MaxResults: 1, NextToken }))).rejects.toBeInstanceOf(
    InvalidNextTokenException,
  );
  partner.destroy();
});
