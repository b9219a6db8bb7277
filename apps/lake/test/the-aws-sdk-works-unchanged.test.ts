import {
  CloudTrailClient,
  CreateChannelCommand,
  CreateEventDataStoreCommand,
  type CreateEventDataStoreCommandInput,
  DeleteResourcePolicyCommand,
  GetChannelCommand,
  GetEventDataStoreCommand,
  GetResourcePolicyCommand,
  InvalidNextTokenException,
  InvalidParameterException,
  ListChannelsCommand,
  ListEventDataStoresCommand,
  PutResourcePolicyCommand,
  ResourcePolicyNotFoundException,
  UpdateChannelCommand,
} from "@aws-sdk/client-cloudtrail";
import { afterAll, beforeAll, expect, test } from "vitest";
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

let storeArn: string;
let channelArn: string;
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

test("pages of any size hold every item once, in the order of creation", async () => {
  for (let { length } = (await client.send(new ListEventDataStoresCommand({}))).EventDataStores!; length < 10; length++)
    await client.send(eds({}));
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
    await expect(client.send(command)).rejects.toBeInstanceOf(InvalidNextTokenException);
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
