import { expect, test } from "vitest";
import { Made } from "../src/wire/made.ts";
import { type Identity, referenceLake, Wire } from "../src/index.ts";

const region = "us-east-1";
const now = Date.UTC(2026, 10, 29, 12);
const owner: Identity = { accountId: "111122223333", accessKeyId: "CONFORMANCEOWNER0001", secretAccessKey: "a" };
const other: Identity = { accountId: "444455556666", accessKeyId: "CONFORMANCEOTHER0001", secretAccessKey: "b" };
const channelArn = `arn:aws:cloudtrail:${region}:${owner.accountId}:channel/7d0f2c9a-4a50-4f6e-9f0e-2d9f5a3b1c11`;
const storeArn = `arn:aws:cloudtrail:${region}:${owner.accountId}:eventdatastore/3c0f2c9a-4a50-4f6e-9f0e-2d9f5a3b1c12`;

function lake() {
  const exchange = referenceLake({
    region,
    identities: [owner, other],
    channels: [{ arn: channelArn, accountId: owner.accountId }],
    managementStores: [{ arn: storeArn, accountId: owner.accountId }],
    now: () => now,
  });
  const wire = new Wire({ endpoint: "http://reference.example", region, exchange, owner, other, now: () => now });
  return wire;
}

const answered = (json: object) =>
  Promise.resolve({ status: 200, headers: new Map<string, string>(), body: Buffer.from(JSON.stringify(json)) });
const store = (Name: string, protect: boolean) => ({
  Name,
  AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] }],
  TerminationProtectionEnabled: protect,
});
const status = async (wire: Wire, arn: unknown, as = owner) =>
  (await wire.call("GetEventDataStore", { EventDataStore: arn }, { as })).json?.["Status"];

test("a policy on a channel that stays is taken off", async () => {
  const wire = lake();
  const Statement = {
    Effect: "Allow",
    Principal: { AWS: other.accountId },
    Action: "cloudtrail-data:PutAuditEvents",
    Resource: channelArn,
  };
  const ResourcePolicy = JSON.stringify({ Version: "2012-10-17", Statement });
  await wire.call("PutResourcePolicy", { ResourceArn: channelArn, ResourcePolicy });
  expect(wire.made.left).toEqual([channelArn]);
  expect(await wire.tidy()).toEqual([]);
  const policy = await wire.call("GetResourcePolicy", { ResourceArn: channelArn });
  expect(policy.code).toBe("ResourcePolicyNotFoundException");
  expect((await wire.call("GetChannel", { Channel: channelArn })).status).toBe(200);
});

test("a protected store, one with a channel, one that was restored, and one of another account are deleted", async () => {
  const wire = lake();
  const made = async (name: string, protect: boolean, as = owner) =>
    (await wire.call("CreateEventDataStore", store(name, protect), { as })).json?.["EventDataStoreArn"];
  const kept = await made("a-protected-store", true);
  const channel = await wire.call("CreateChannel", {
    Name: "a-channel",
    Source: "Snyk",
    Destinations: [{ Type: "EVENT_DATA_STORE", Location: kept }],
  });
  const again = await made("a-restored-store", false);
  await wire.call("DeleteEventDataStore", { EventDataStore: again });
  expect(wire.made.left).not.toContain(again);
  await wire.call("RestoreEventDataStore", { EventDataStore: String(again).split("/")[1] });
  const foreign = await made("a-store-of-another", false, other);
  expect(wire.made.left).toHaveLength(4);
  expect(wire.made.left[0]).toBe(channel.json?.["ChannelArn"]);
  expect(await wire.tidy()).toEqual([]);
  for (const arn of [kept, again]) expect(await status(wire, arn)).toBe("PENDING_DELETION");
  expect(await status(wire, foreign, other)).toBe("PENDING_DELETION");
});

test("a store of somebody else's whose ingestion was stopped takes events again", async () => {
  const wire = lake();
  await wire.call("StopEventDataStoreIngestion", { EventDataStore: storeArn });
  expect(await status(wire, storeArn)).toBe("STOPPED_INGESTION");
  expect(await wire.tidy()).toEqual([]);
  expect(await status(wire, storeArn)).toBe("ENABLED");
});

test("what cannot be deleted is told, what is gone is not", async () => {
  const wire = lake();
  const made = new Made();
  made.follow("CreateEventDataStore", "{}", undefined, answered({ EventDataStoreArn: `${storeArn}0` }));
  made.follow("CreateChannel", "{}", undefined, answered({ ChannelArn: channelArn }));
  expect(
    await made.remove((operation, input) =>
      operation === "DeleteChannel" ? Promise.reject(new Error()) : wire.call(operation, input),
    ),
  ).toEqual([channelArn]);
});
