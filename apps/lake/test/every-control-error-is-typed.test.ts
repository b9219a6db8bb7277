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
  ResourcePolicyNotValidException,
  ResourceTypeNotSupportedException,
  TagsLimitExceededException,
  UnsupportedOperationException,
} from "@aws-sdk/client-cloudtrail";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestLake, account, activity } from "./test-lake.ts";

let lake: TestLake;
let client: CloudTrailClient;
let storeArn: string;
let channelArn: string;
beforeAll(async () => {
  lake = await TestLake.start();
  storeArn = await lake.store("events");
  channelArn = await lake.channel([storeArn], "Custom", "taken");
  client = new CloudTrailClient({
    region: "us-east-1",
    endpoint: lake.url,
    credentials: lake.admin,
    maxAttempts: 1,
  });
});
afterAll(async () => {
  client.destroy();
  await lake.close();
});

let stores = 0;
const eds = (input: Partial<CreateEventDataStoreCommandInput>): CreateEventDataStoreCommand =>
  new CreateEventDataStoreCommand({ Name: `store-${stores++}`, AdvancedEventSelectors: activity, ...input });
const unknown = "00000000-0000-4000-8000-000000000000";

const channel = (input: Partial<CreateChannelCommandInput>): CreateChannelCommand =>
  new CreateChannelCommand({
    Name: "another",
    Source: "GitHub",
    Destinations: [{ Type: "EVENT_DATA_STORE", Location: storeArn }],
    ...input,
  });

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

describe("every refusal arrives as its class, with its status", () => {
  type Sendable = { readonly input: object };
  const cases: readonly [string, () => Sendable, new (...args: never[]) => Error, number][] = [
    ["a channel's name that is taken", () => channel({ Name: "taken" }), ChannelAlreadyExistsException, 400],
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
