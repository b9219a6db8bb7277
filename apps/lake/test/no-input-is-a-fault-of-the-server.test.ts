import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { operations } from "@tributary/schema";
import { TestLake, account, activity, entry } from "./test-lake.ts";

vi.setConfig({ testTimeout: 60_000 });

let lake: TestLake;
let storeArn: string;
let channelArn: string;
beforeAll(async () => {
  lake = await TestLake.start();
  storeArn = await lake.store();
  channelArn = await lake.channel([storeArn]);
});
afterAll(() => lake.close());

const odd = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  "",
  "a",
  "\u0000",
  "__proto__",
  "constructor",
  "arn:aws:cloudtrail:us-east-1:111122223333:channel/../x",
  "arn:::::",
  "😀".repeat(70),
  "x".repeat(9000),
  [],
  {},
  [null],
  [[]],
);
/** What a member of the name would hold, so that calls get further than their shape. */
const fitting: Readonly<Record<string, () => unknown>> = {
  Name: () => "abc",
  Source: () => "GitHub",
  Destinations: () => [{ Type: "EVENT_DATA_STORE", Location: storeArn }],
  Channel: () => channelArn,
  EventDataStore: () => storeArn,
  ResourceArn: () => channelArn,
  ResourceId: () => storeArn,
  ResourceIdList: () => [channelArn, storeArn],
  ResourcePolicy: () => JSON.stringify({ Version: "2012-10-17", Statement: [] }),
  AdvancedEventSelectors: () => activity,
  Tags: () => [{ Key: "a", Value: "b" }],
  TagsList: () => [{ Key: "a", Value: "b" }],
  QueryStatement: () => `SELECT * FROM ${storeArn.split("/")[1]!} LIMIT 1`,
  QueryId: () => "00000000-0000-4000-8000-000000000000",
  MaxResults: () => 7,
  RetentionPeriod: () => 7,
};
const anything = fc.oneof(
  odd,
  fc.jsonValue({ maxDepth: 3 }).map((it) => it as unknown),
);

// Deleting the channel would leave little for the others to do.
const names = (Object.keys(operations) as (keyof typeof operations)[]).filter((name) => name !== "DeleteChannel");
/** A call: most members fit, some hold anything, one may be of no operation. */
const call = fc.constantFrom(...names).chain((name) => {
  const members = Object.keys(operations[name].request.properties).map((member) => {
    const fit = fitting[member];
    const some = fc.oneof(
      { weight: fit ? 6 : 0, arbitrary: fc.constant(fit ?? (() => undefined)) },
      { weight: fit ? 0 : 4, arbitrary: fc.constant(() => undefined) },
      { weight: 1, arbitrary: anything.map((it) => () => it) },
    );
    return some.map((make) => [member, make] as const);
  });
  const stray = fc.constantFrom("__proto__", "Other").map((member) => [member, () => "x"] as const);
  return fc.record({ name: fc.constant(name), members: fc.tuple(...members, stray) });
});

test("no input of a control operation", async () => {
  const statuses: Record<number, number> = {};
  await fc.assert(
    fc.asyncProperty(call, async ({ name, members }) => {
      const texts = members.map(([member, make]) => [member, JSON.stringify(make())] as const);
      const given = texts.filter(([, text]) => text !== undefined);
      const { status } = await lake.control(
        name,
        `{${given.map(([member, text]) => `"${member}":${text}`).join(",")}}`,
      );
      statuses[status] = (statuses[status] ?? 0) + 1;
      expect(status).toBeLessThan(500);
      expect(lake.faults.filter(({ event }) => event === "fault")).toEqual([]);
    }),
    { numRuns: 400 },
  );
  console.log("answers by status:", statuses);
  expect(statuses[200] ?? 0).toBeGreaterThan(20);
});

const eventText = fc.oneof(
  fc.constantFrom("{", "[]", '"{}"', "{}", '{"a":1,"a":2}', "[".repeat(1000), '{"__proto__":1}', "1e999"),
  fc.json({ maxDepth: 4 }),
  fc
    .dictionary(
      fc.constantFrom("version", "additionalEventData", "Other", "__proto__"),
      fc.oneof(fc.constant("1"), fc.jsonValue({ maxDepth: 2 })),
      { maxKeys: 2 },
    )
    .map((more) => entry("x", more).eventData),
);
const entries = fc.array(
  fc.record(
    {
      id: fc.oneof({ weight: 20, arbitrary: fc.stringMatching(/^[-_A-Za-z0-9]{1,8}$/) }, odd),
      eventData: fc.oneof({ weight: 20, arbitrary: eventText }, odd),
      eventDataChecksum: fc.oneof(fc.constant("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), odd),
    },
    { requiredKeys: ["id", "eventData"] },
  ),
  { minLength: 1, maxLength: 4 },
);

test("no events", async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 9, arbitrary: entries }, odd), async (auditEvents) => {
      const { status, json } = await lake.put(channelArn, auditEvents);
      expect(status).toBeLessThan(500);
      if (status !== 200) return;
      // Every id is in exactly one of the lists.
      const answered = [json["failed"], json["successful"]].flatMap((list) =>
        (list as { id: string }[]).map(({ id }) => id),
      );
      taken += (json["successful"] as unknown[]).length;
      expect(answered.toSorted()).toEqual((auditEvents as { id: string }[]).map(({ id }) => id).toSorted());
    }),
    { numRuns: 400 },
  );
  expect(lake.faults.filter(({ event }) => event === "fault")).toEqual([]);
  console.log("events stored:", taken);
  expect(taken).toBeGreaterThan(0);
});

test("no request line, query or header", async () => {
  const piece = fc.string({ unit: fc.constantFrom(...Array.from("aA%/?&=+.:;,\"'é ")), maxLength: 12 });
  const path = fc.oneof(
    fc.constantFrom("/", "/PutAuditEvents", "//", "/%", "/../PutAuditEvents", "/PutAuditEvents/"),
    piece.map((text) => `/${encodeURI(text)}`),
  );
  await fc.assert(
    fc.asyncProperty(path, piece, piece, fc.boolean(), async (rawPath, query, target, signed) => {
      const { status } = await lake.send({
        service: rawPath.startsWith("/Put") ? "cloudtrail-data" : "cloudtrail",
        body: "{}",
        headers: { "content-type": "application/json", "x-amz-target": target.replaceAll("é", "e") },
        unsigned: !signed,
        tamper: (request) => (request.path = `${rawPath}?channelArn=${query.replaceAll(/[é "]/g, "")}`),
      });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
  expect(lake.faults.filter(({ event }) => event === "fault")).toEqual([]);
  expect((await lake.control("ListChannels", {})).json["Channels"]).toContainEqual({
    ChannelArn: channelArn,
    Name: expect.stringMatching(/./),
  });
  expect(account).toHaveLength(12);
});
