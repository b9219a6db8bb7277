import { EventEmitter, once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { TestLake, account, entry, otherAccount, run } from "./test-lake.ts";

// Processes start and stop here, on machines that may be busy.
vi.setConfig({ testTimeout: 30_000 });

let lake: TestLake;
let channelArn: string;
beforeAll(async () => {
  lake = await TestLake.start({
    quotas: { channels: 25, channelsPerSource: 1, eventDataStores: 3, concurrentQueries: 10, tagsPerResource: 50 },
  });
  channelArn = await lake.channel([await lake.store()]);
});
afterAll(() => lake.close());

const policyFor = (accountId: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: accountId },
        Action: "cloudtrail-data:PutAuditEvents",
        Resource: channelArn,
      },
    ],
  });

test("an identity made by another process while the lake serves may call at once", async () => {
  const key = await lake.identity(account, "late", {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  });
  expect(await lake.put(channelArn, [entry("late")], { key })).toMatchObject({ status: 200, json: { failed: [] } });
});

test("a policy given by the command line counts for the next call, and so does its end", async () => {
  const key = await lake.identity(account, "bob");
  const file = join(lake.data, "bob.json");
  const put = async (Effect: string): Promise<void> => {
    writeFileSync(
      file,
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect, Action: "cloudtrail-data:PutAuditEvents", Resource: "*" }],
      }),
    );
    expect(
      await run([
        "identity",
        "policy",
        "put",
        "--data",
        lake.data,
        "--account",
        account,
        "--name",
        "bob",
        "--policy",
        file,
      ]),
    ).toMatchObject({ code: 0 });
  };
  expect(await lake.put(channelArn, [entry("b1")], { key })).toMatchObject({ status: 403 });
  for (let round = 0; round < 5; round++) {
    await put("Allow");
    expect(await lake.put(channelArn, [entry("b2")], { key })).toMatchObject({ status: 200 });
    await put("Deny");
    expect(await lake.put(channelArn, [entry("b3")], { key })).toMatchObject({ status: 403 });
  }
});

test("no event is acknowledged that was sent after a revocation was answered, with senders all the while", async () => {
  const key = await lake.identity(otherAccount, "partner");
  for (let round = 0; round < 5; round++) {
    await lake.control("PutResourcePolicy", { ResourceArn: channelArn, ResourcePolicy: policyFor(otherAccount) });
    let revoked = false;
    let sent = 0;
    const progress = new EventEmitter();
    const under = once(progress, "under way");
    const late: number[] = [];
    const sender = async (name: string): Promise<void> => {
      for (let n = 0; n < 12; n++) {
        const after = revoked;
        const { status } = await lake.put(channelArn, [entry(`${name}-${round}-${n}`)], { key });
        if (++sent === 8) progress.emit("under way");
        if (after) late.push(status);
      }
    };
    const senders = ["a", "b", "c", "d"].map(sender);
    await under;
    expect(await lake.control("DeleteResourcePolicy", { ResourceArn: channelArn })).toMatchObject({ status: 200 });
    revoked = true;
    await Promise.all(senders);
    expect(late.length).toBeGreaterThan(0);
    expect(late.filter((status) => status === 200)).toEqual([]);
  }
});

test("quotas and unique names hold when many ask at once", async () => {
  const storeArn = (
    (await lake.control("ListEventDataStores", {})).json["EventDataStores"] as { EventDataStoreArn: string }[]
  )[0]!.EventDataStoreArn;
  const many = await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      lake.control("CreateChannel", {
        Name: `github-${at}`,
        Source: "GitHub",
        Destinations: [{ Type: "EVENT_DATA_STORE", Location: storeArn }],
      }),
    ),
  );
  expect(many.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(new Set(many.filter(({ status }) => status !== 200).map(({ json }) => json["__type"]))).toEqual(
    new Set(["ChannelMaxLimitExceededException"]),
  );
  const stores = await Promise.allSettled(Array.from({ length: 6 }, (_, at) => lake.store(`store-${at}`)));
  expect(stores.filter((store) => store.status === "fulfilled" && store.value !== undefined)).toHaveLength(2);
});

test("a deleted channel takes no more events, and its policy is gone with it", async () => {
  const arn = await lake.channel(
    [
      ((await lake.control("ListEventDataStores", {})).json["EventDataStores"] as { EventDataStoreArn: string }[])[0]!
        .EventDataStoreArn,
    ],
    "WizAuditLogs",
  );
  await lake.control("PutResourcePolicy", {
    ResourceArn: arn,
    ResourcePolicy: policyFor(otherAccount).replace(channelArn, arn),
  });
  expect(await lake.put(arn, [entry("w")])).toMatchObject({ status: 200 });
  expect(await lake.control("DeleteChannel", { Channel: arn })).toMatchObject({ status: 200, text: "{}" });
  expect(await lake.put(arn, [entry("w")])).toMatchObject({ status: 400, json: { __type: "ChannelNotFound" } });
  const catalog = await openSqliteCatalog({ file: join(lake.data, "catalog.sqlite"), clock: systemClock });
  expect((await catalog.readControl()).policies.has(arn)).toBe(false);
  await catalog.close();
});
