import { randomBytes } from "node:crypto";
import { TributaryError } from "@tributary/schema";
import { expect, test } from "vitest";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { changeControl } from "../src/control/change-control.ts";
import { ControlCache } from "../src/control/control-cache.ts";
import { RateLimits } from "../src/control/rate-limits.ts";
import { Authenticator } from "../src/identity/authenticator.ts";
import { createIdentity } from "../src/identity/create-identity.ts";
import { PutAuditEvents, type PutAuditEventsServices } from "../src/ingest/put-audit-events.ts";
import { DataKeys } from "../src/secrets/data-keys.ts";
import { Verifier } from "../src/sigv4/verifier.ts";
import { SourceRegistry } from "../src/sources/source-registry.ts";
import { signedLakeRequest } from "./signed-lake-request.ts";
import { account, entry } from "./test-lake.ts";

const channelArn = `arn:aws:cloudtrail:us-east-1:${account}:channel/c`;

/** PutAuditEvents over a real catalog and a journal whose disk does what the test says. */
async function putOver(journal: PutAuditEventsServices["journal"]): Promise<unknown> {
  const catalog = await openSqliteCatalog({ file: ":memory:", clock: systemClock });
  const dataKeys = await DataKeys.open(catalog, { kind: "value", text: randomBytes(32).toString("base64") });
  const control = await ControlCache.open(catalog);
  const now = systemClock.now();
  const { accessKey, secretAccessKey } = await changeControl(
    catalog,
    () => control.fresh(),
    (view) => createIdentity(view, { accountId: account, name: "admin" }, { now, randomBytes, dataKeys }),
  );
  await changeControl(
    catalog,
    () => control.fresh(),
    () => ({
      output: undefined,
      changes: [
        {
          kind: "putStore",
          store: {
            arn: `arn:aws:cloudtrail:us-east-1:${account}:eventdatastore/s`,
            storeId: "s",
            accountId: account,
            name: "events",
            status: "ENABLED",
            advancedEventSelectors: [],
            multiRegionEnabled: false,
            organizationEnabled: false,
            retentionPeriod: 3653,
            terminationProtectionEnabled: true,
            billingMode: "EXTENDABLE_RETENTION_PRICING",
            tags: {},
            createdAt: now,
            updatedAt: now,
          },
        },
        {
          kind: "putChannel",
          channel: {
            arn: channelArn,
            channelId: "c",
            accountId: account,
            name: "custom",
            source: "Custom",
            destinations: ["s"],
            tags: {},
            createdAt: now,
          },
        },
      ],
    }),
  );
  const authenticator = new Authenticator(
    new Verifier({ region: "us-east-1", now: () => systemClock.now() }),
    dataKeys,
    () => systemClock.now(),
  );
  const put = new PutAuditEvents(
    { region: "us-east-1", maxBodyBytes: 1_000_000 },
    {
      control,
      authenticator,
      journal,
      clock: systemClock,
      rates: new RateLimits(undefined, () => 0),
      sources: new SourceRegistry(),
    },
  );
  const body = JSON.stringify({ auditEvents: [entry("good"), { id: "bad", eventData: "{" }] });
  const parts = { query: { channelArn }, headers: { "content-type": "application/json" }, body, checksum: false };
  try {
    return await put.handle(
      await signedLakeRequest(parts, { credentials: { accessKeyId: accessKey.accessKeyId, secretAccessKey }, at: now }),
    );
  } finally {
    await catalog.close();
  }
}

const load = { bytes: 0, events: 0, freeBytes: 0 };

test("an event whose commit failed is not acknowledged: InternalFailure, which clients retry", async () => {
  const output = await putOver({
    backlog: () => ({ ...load, verdict: "accept" }),
    append: () => Promise.reject(new TributaryError("disk", { code: "JOURNAL_FAILED", retryable: true })),
  });
  expect(output).toMatchObject({
    successful: [],
    failed: [
      { id: "good", errorCode: "InternalFailure" },
      { id: "bad", errorCode: "InvalidData" },
    ],
  });
});

function append(): never {
  throw new Error("nothing may be appended");
}

test("a journal that compaction has to catch up with throttles before it takes anything", async () => {
  await expect(putOver({ backlog: () => ({ ...load, verdict: "throttle" }), append })).rejects.toMatchObject({
    shape: "ThrottlingException",
    status: 429,
    retryAfter: 5,
  });
  await expect(putOver({ backlog: () => ({ ...load, verdict: "stop" }), append })).rejects.toMatchObject({
    shape: "ServiceUnavailable",
    status: 503,
  });
});

test("a control state that keeps moving ends in a retryable refusal, not in an endless loop", async () => {
  let appends = 0;
  const moved = putOver({
    backlog: () => ({ ...load, verdict: "accept" }),
    append: () => {
      appends += 1;
      return Promise.resolve("moved");
    },
  });
  await expect(moved).rejects.toMatchObject({ shape: "ServiceUnavailable", status: 503 });
  expect(appends).toBe(10);
});
