import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ended, answerOf, awsEnvironment, installed, shell as runShell } from "./aws-shell.ts";
import { createIdentity, startLake, type Key, type LakeProcess } from "./lake-process.ts";

const hasCli = installed("aws", "--version");
const hasBoto3 = installed("python3", "-c", "import boto3");
if (!hasCli) console.log("skipped: the AWS CLI is not installed");
if (!hasBoto3) console.log("skipped: boto3 is not installed");

const accountId = "111122223333";
let folder: string;
let lake: LakeProcess;
let owner: Key;
let partner: Key;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tributary-clients-"));
  owner = createIdentity(join(folder, "lake"), accountId, "alice");
  partner = createIdentity(join(folder, "lake"), "444455556666", "partner");
  lake = await startLake(join(folder, "lake"));
});
afterAll(async () => {
  await lake?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const environment = (key: Key) => awsEnvironment(lake.url, folder, key);
const shell = (line: string, key: Key = owner, extra: Record<string, string> = {}): Ended =>
  runShell(line, { ...environment(key), ...extra });
const answer = <T>(line: string, key: Key = owner, extra: Record<string, string> = {}): T =>
  answerOf<T>(line, { ...environment(key), ...extra });

const eventOf = (uid: string, more: object = {}) =>
  JSON.stringify({
    version: "1.0",
    userIdentity: { type: "CustomUser", principalId: "alice" },
    eventSource: "custom.example.com",
    eventName: "Login",
    eventTime: "2026-11-20T10:00:00Z",
    UID: uid,
    recipientAccountId: accountId,
    ...more,
  });
type Put = {
  successful: { id: string; eventID: string }[];
  failed: { id: string; errorCode: string; errorMessage: string }[];
};

describe.skipIf(!hasCli)("the AWS CLI", () => {
  let storeArn: string;
  let channelArn: string;
  const externalId = "unique-external-id-1";

  test("creates a store, a channel and its policy", () => {
    const store = answer<{ EventDataStoreArn: string; RetentionPeriod: number; MultiRegionEnabled: boolean }>(
      `aws cloudtrail create-event-data-store --name custom-events --no-multi-region-enabled --retention-period 2557 --billing-mode FIXED_RETENTION_PRICING --advanced-event-selectors '[{"Name":"activity","FieldSelectors":[{"Field":"eventCategory","Equals":["ActivityAuditLog"]}]}]'`,
    );
    storeArn = store.EventDataStoreArn;
    expect(store).toMatchObject({ RetentionPeriod: 2557, MultiRegionEnabled: false });
    const channel = answer<{ ChannelArn: string; Source: string }>(
      `aws cloudtrail create-channel --name custom --source Custom --destinations Type=EVENT_DATA_STORE,Location=${storeArn.split("/")[1]!}`,
    );
    channelArn = channel.ChannelArn;
    expect(channel.Source).toBe("Custom");
    const policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Partner",
          Effect: "Allow",
          Principal: { AWS: ["arn:aws:iam::444455556666:root", `arn:aws:iam::${accountId}:root`] },
          Action: "cloudtrail-data:PutAuditEvents",
          Resource: channelArn,
          Condition: { StringEquals: { "cloudtrail:ExternalId": externalId } },
        },
      ],
    });
    const put = answer<{ ResourcePolicy: string }>(
      `aws cloudtrail put-resource-policy --resource-arn ${channelArn} --resource-policy "$POLICY"`,
      owner,
      { POLICY: policy },
    );
    expect(put.ResourcePolicy).toBe(policy);
    expect(answer<{ Channels: unknown[] }>("aws cloudtrail list-channels").Channels).toEqual([
      { ChannelArn: channelArn, Name: "custom" },
    ]);
  });

  test("puts events in the guide's shorthand form", () => {
    const put = answer<Put>(
      `aws cloudtrail-data put-audit-events --channel-arn ${channelArn} --external-id ${externalId} --audit-events id=short-1,eventData="'$ONE'" id=short-2,eventData="'$TWO'"`,
      partner,
      { ONE: eventOf("short-1"), TWO: eventOf("short-2") },
    );
    expect(put.failed).toEqual([]);
    expect(put.successful.map(({ id }) => id)).toEqual(["short-1", "short-2"]);
  });

  test("puts events with the checksum that printf, openssl and base64 make", () => {
    const event = eventOf("sum-1", { additionalEventData: { text: "two  spaces * é 😀" } });
    const put = answer<Put>(
      `aws cloudtrail-data put-audit-events --channel-arn ${channelArn} --external-id ${externalId} --audit-events "[{\\"id\\":\\"sum-1\\",\\"eventData\\":$QUOTED,\\"eventDataChecksum\\":\\"$(printf %s "$ONE" | openssl dgst -binary -sha256 | base64)\\"}]"`,
      partner,
      { ONE: event, QUOTED: JSON.stringify(event) },
    );
    expect(put).toMatchObject({ failed: [], successful: [{ id: "sum-1" }] });
  });

  test("puts events from a file", () => {
    const file = join(folder, "custom-events.json");
    const event = eventOf("file-1");
    writeFileSync(
      file,
      JSON.stringify([
        { id: "file-1", eventData: event, eventDataChecksum: createHash("sha256").update(event).digest("base64") },
      ]),
    );
    expect(
      answer<Put>(
        `aws cloudtrail-data put-audit-events --channel-arn ${channelArn} --external-id ${externalId} --audit-events file://${file}`,
        partner,
      ).failed,
    ).toEqual([]);
  });

  const printedWrong: readonly { readonly what: string; readonly entry: object; readonly code: string }[] = [
    {
      what: "a quote missing before a version number, a stray backslash before the brace (row 4)",
      entry: { id: "w1", eventData: '{"version":\\0.01","eventSource":"custom1.example.com"\\}' },
      code: "InvalidData",
    },
    {
      what: "eventVersion in place of version (row 6)",
      entry: { id: "w2", eventData: eventOf("w2").replace('"version"', '"eventVersion"') },
      code: "FieldNotFound",
    },
    {
      what: "a checksum of 43 characters (row 3)",
      entry: { id: "w3", eventData: eventOf("w3"), eventDataChecksum: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU" },
      code: "InvalidChecksum",
    },
    {
      what: "a checksum in hexadecimal (row 3)",
      entry: {
        id: "w4",
        eventData: eventOf("w4"),
        eventDataChecksum: createHash("sha256").update(eventOf("w4")).digest("hex"),
      },
      code: "InvalidChecksum",
    },
    {
      what: "the checksum of the empty string, as the guide's own command prints (row 1)",
      entry: { id: "w5", eventData: eventOf("w5"), eventDataChecksum: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
      code: "InvalidChecksum",
    },
    {
      what: "JSON in a JSON string (row 5)",
      entry: { id: "w6", eventData: JSON.stringify(eventOf("w6")) },
      code: "InvalidData",
    },
  ];
  test.each(printedWrong)("refuses $what with $code", ({ entry, code }) => {
    const put = answer<Put>(
      `aws cloudtrail-data put-audit-events --channel-arn ${channelArn} --external-id ${externalId} --audit-events "$EVENTS"`,
      partner,
      { EVENTS: JSON.stringify([entry]) },
    );
    expect(put.successful).toEqual([]);
    expect(put.failed[0]!.errorCode).toBe(code);
  });

  test("cannot send raw newlines inside a JSON string (row 7): the CLI itself refuses the file", () => {
    const file = join(folder, "raw-newlines.json");
    writeFileSync(file, '[{"id":"n1","eventData":"{\n}"}]');
    const done = shell(
      `aws cloudtrail-data put-audit-events --channel-arn ${channelArn} --external-id ${externalId} --audit-events file://${file}`,
      partner,
    );
    expect(done.status).not.toBe(0);
  });

  test("is refused without the external id, with a wrong one, and on a channel that is not there", () => {
    const events = JSON.stringify([{ id: "r1", eventData: eventOf("r1") }]);
    const line = (channel: string, more: string) =>
      shell(`aws cloudtrail-data put-audit-events --channel-arn ${channel} ${more} --audit-events "$EVENTS"`, partner, {
        EVENTS: events,
      });
    expect(line(channelArn, "").stderr).toContain("ChannelInsufficientPermission");
    expect(line(channelArn, "--external-id other").stderr).toContain("ChannelInsufficientPermission");
    expect(line(channelArn.replace(/[0-9a-f]{4}$/, "0000"), `--external-id ${externalId}`).stderr).toContain(
      "ChannelInsufficientPermission",
    );
    expect(line("not-an-arn", "").stderr).toMatch(/InvalidChannelARN|ChannelInsufficientPermission|ChannelNotFound/);
  });

  test("asks in SQL and gets every event once", () => {
    const { QueryId } = answer<{ QueryId: string }>(
      `aws cloudtrail start-query --query-statement "SELECT eventData.uid AS uid, eventData.userIdentity.principalId, eventTime FROM ${storeArn.split("/")[1]!} WHERE eventTime > '2026-11-20 00:00:00' ORDER BY 1"`,
    );
    let status = "QUEUED";
    while (status === "QUEUED" || status === "RUNNING")
      status = answer<{ QueryStatus: string }>(`aws cloudtrail describe-query --query-id ${QueryId}`).QueryStatus;
    const results = answer<{ QueryStatus: string; QueryResultRows: object[][]; QueryStatistics: object }>(
      `aws cloudtrail get-query-results --query-id ${QueryId}`,
    );
    expect(results.QueryStatus).toBe("FINISHED");
    expect(results.QueryResultRows).toEqual(
      ["file-1", "short-1", "short-2", "sum-1"].map((uid) => [
        { uid },
        { principalId: "alice" },
        { eventTime: "2026-11-20 10:00:00.000" },
      ]),
    );
  });

  test("lists the query and updates the store; ingestion of an activity store is not to be stopped", () => {
    const { Queries } = answer<{ Queries: { QueryStatus: string }[] }>(
      `aws cloudtrail list-queries --event-data-store ${storeArn} --start-time 2026-01-01T00:00:00Z --query-status FINISHED`,
    );
    expect(Queries).toMatchObject([{ QueryStatus: "FINISHED" }]);
    const updated = answer<object>(
      `aws cloudtrail update-event-data-store --event-data-store ${storeArn} --billing-mode EXTENDABLE_RETENTION_PRICING --no-termination-protection-enabled`,
    );
    expect(updated).toMatchObject({
      BillingMode: "EXTENDABLE_RETENTION_PRICING",
      RetentionPeriod: 2557,
      TerminationProtectionEnabled: false,
    });
    const stop = shell(`aws cloudtrail stop-event-data-store-ingestion --event-data-store ${storeArn}`);
    expect(stop.stderr).toContain("InvalidEventDataStoreCategoryException");
  });
});

describe.skipIf(!hasBoto3)("boto3", () => {
  test("walks from a store to an answer, and its exceptions are typed", () => {
    const script = fileURLToPath(new URL("boto3-walk.py", import.meta.url));
    const done = spawnSync("python3", [script], { encoding: "utf8", env: environment(owner) });
    expect(done.stderr).toBe("");
    expect(done.status).toBe(0);
    console.log(done.stdout.trim());
    expect(done.stdout).toContain("checks passed");
  });
});
