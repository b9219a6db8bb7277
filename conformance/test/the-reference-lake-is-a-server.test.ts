import { expect, test } from "vitest";
import { type Identity, referenceLake, Wire } from "../src/index.ts";
import { put, oneEvent, tookOne } from "../src/ingest/ingest-world.ts";
import { openServerWorld } from "../src/server/server-world.ts";

const now = Date.UTC(2026, 10, 29, 12);
const region = "us-east-1";
const owner: Identity = { accountId: "111122223333", accessKeyId: "CONFORMANCEOWNER0001", secretAccessKey: "secret" };

function wireTo(at: () => number): Wire {
  const exchange = referenceLake({ region, identities: [owner], channels: [], now: at });
  return new Wire({ endpoint: "http://reference.example", region, exchange, owner, now: at });
}

test("a world is made on it, takes events, and goes away without a rest", async () => {
  const wire = wireTo(() => now);
  const world = await openServerWorld(wire, {});
  tookOne(await put(world, oneEvent(world)));
  const told = await wire.call("GetChannel", { Channel: world.channelArn });
  expect(told.json?.["IngestionStatus"]).toMatchObject({ LatestIngestionAttemptTime: now / 1000 });
  expect(await wire.tidy()).toEqual([]);
  expect((await wire.call("ListChannels", {})).json).toEqual({ Channels: [] });
  expect((await wire.call("GetEventDataStore", { EventDataStore: world.storeArn })).json).toMatchObject({
    Status: "PENDING_DELETION",
  });
});

test("a deleted store may be restored for seven days of its clock, and is then no longer there", async () => {
  let at = now;
  const wire = wireTo(() => at);
  const { storeArn } = await openServerWorld(wire, {});
  await wire.tidy();
  const restore = () => wire.call("RestoreEventDataStore", { EventDataStore: storeArn });
  at += 7 * 86_400_000 - 1;
  expect((await restore()).json).toMatchObject({ Status: "ENABLED", TerminationProtectionEnabled: false });
  await wire.call("DeleteEventDataStore", { EventDataStore: storeArn });
  at += 7 * 86_400_000;
  expect(await restore()).toMatchObject({ status: 404, code: "EventDataStoreNotFoundException" });
});
