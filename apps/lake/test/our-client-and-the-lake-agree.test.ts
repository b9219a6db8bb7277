import {
  ChannelInsufficientPermission,
  ChannelNotFound,
  CloudTrailDataClient,
  CloudTrailDataServiceException,
  DuplicatedAuditEventId,
  InvalidChannelARN,
  PutAuditEventsCommand,
} from "@tributary/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestLake, account, entry, otherAccount } from "./test-lake.ts";

/** What a call throws; undefined when it does not. */
async function thrownBy(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  return undefined;
}

let lake: TestLake;
let channelArn: string;
let client: CloudTrailDataClient;
beforeAll(async () => {
  lake = await TestLake.start();
  channelArn = await lake.channel([await lake.store()]);
  client = new CloudTrailDataClient({ region: "us-east-1", endpoint: lake.url, credentials: lake.admin });
});
afterAll(async () => {
  client.destroy();
  await lake.close();
});

test("events go in and each id is answered", async () => {
  const auditEvents = Array.from({ length: 100 }, (_, at) => entry(`e-${at}`, { userAgent: "é 😀 +/=" }));
  const answer = await client.send(
    new PutAuditEventsCommand({ channelArn, auditEvents, externalId: "any+id=1,2.@:/-" }),
  );
  expect(answer.failed).toEqual([]);
  expect(answer.successful.map(({ id }) => id)).toEqual(auditEvents.map(({ id }) => id));
  expect(answer.$metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
});

type Case = readonly [string, () => string, readonly string[], new (...args: never[]) => Error];
const cases: readonly Case[] = [
  ["a channel that is not there", () => `${channelArn}0`, ["a"], ChannelNotFound],
  [
    "a channel of another account",
    () => channelArn.replace(account, otherAccount),
    ["a"],
    ChannelInsufficientPermission,
  ],
  ["text that names no channel", () => "arn:aws:sqs:us-east-1:1:x", ["a"], InvalidChannelARN],
  ["an id twice", () => channelArn, ["a", "a"], DuplicatedAuditEventId],
];

test.each(cases)("%s is refused with its exception, at the first attempt", async (_name, arn, ids, type) => {
  const put = new PutAuditEventsCommand({ channelArn: arn(), auditEvents: ids.map((id) => entry(id)) });
  const error = await thrownBy(client.send(put));
  expect(error).toBeInstanceOf(type);
  expect(error).toMatchObject({ $metadata: { httpStatusCode: 400, attempts: 1 } });
});

test("a wrong secret is refused without a retry", async () => {
  const credentials = { ...lake.admin, secretAccessKey: "x".repeat(40) };
  const stranger = new CloudTrailDataClient({ region: "us-east-1", endpoint: lake.url, credentials });
  const error = await thrownBy(stranger.send(new PutAuditEventsCommand({ channelArn, auditEvents: [entry("a")] })));
  expect(error).toBeInstanceOf(CloudTrailDataServiceException);
  expect(error).toMatchObject({ name: "InvalidSignatureException", $metadata: { httpStatusCode: 403 } });
  stranger.destroy();
});
