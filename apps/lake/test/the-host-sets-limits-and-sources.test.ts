import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ChannelMaxLimitExceededException,
  CloudTrailClient,
  CreateChannelCommand,
  GetChannelCommand,
  InvalidSourceException,
  ListChannelsCommand,
  ListEventDataStoresCommand,
  ThrottlingException,
} from "@aws-sdk/client-cloudtrail";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quotaOptions } from "../src/cli/quota-options.ts";
import { awsQuotas, defaultQuotas } from "../src/control/quotas.ts";
import { RateLimits } from "../src/control/rate-limits.ts";
import { parseSources } from "../src/sources/parse-sources.ts";
import { TestLake, account, activity, entry, otherAccount, run } from "./test-lake.ts";

const client = (lake: TestLake): CloudTrailClient =>
  new CloudTrailClient({ region: "us-east-1", endpoint: lake.url, credentials: lake.admin, maxAttempts: 1 });

describe("with --quotas aws", () => {
  let lake: TestLake;
  let monotonic = 0;
  let storeArn: string;
  let channelArn: string;
  beforeAll(async () => {
    lake = await TestLake.start({ quotas: awsQuotas, clock: { now: () => Date.now(), monotonic: () => monotonic } });
    storeArn = await lake.store();
    channelArn = await lake.channel([storeArn]);
  });
  afterAll(() => lake.close());

  test("the eleventh list of a second is throttled, typed, with Retry-After; a second later it is not", async () => {
    monotonic += 60_000;
    for (let call = 0; call < 10; call++) await client(lake).send(new ListChannelsCommand({}));
    const error: unknown = await client(lake)
      .send(new ListChannelsCommand({}))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ThrottlingException);
    expect(error).toMatchObject({ $metadata: { httpStatusCode: 429 } });
    const refused = await lake.control("ListChannels", {});
    expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
    await client(lake).send(new ListEventDataStoresCommand({}));
    monotonic += 1000;
    await client(lake).send(new ListChannelsCommand({}));
  });

  test("one account's calls are none of another's", async () => {
    monotonic += 60_000;
    const other = await lake.identity(otherAccount, "other");
    for (let call = 0; call < 11; call++) await lake.control("ListChannels", {});
    expect(await lake.control("ListChannels", {})).toMatchObject({ status: 429 });
    expect(await lake.control("ListChannels", {}, { key: other })).toMatchObject({ status: 200 });
  });

  test("a call that is not signed right takes nothing from the account", async () => {
    monotonic += 60_000;
    const key = { ...lake.admin, secretAccessKey: "wrong" };
    for (let call = 0; call < 11; call++)
      expect(await lake.control("ListChannels", {}, { key })).toMatchObject({ status: 403 });
    expect(await lake.control("ListChannels", {})).toMatchObject({ status: 200 });
  });

  test("of 101 PutAuditEvents in one moment a hundred are taken", async () => {
    monotonic += 60_000;
    const answers = [];
    for (let call = 0; call < 101; call++) answers.push(await lake.put(channelArn, [entry(`e${call}`)]));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(100);
    expect(answers.at(-1)).toMatchObject({
      status: 429,
      headers: { "retry-after": "1" },
      json: { __type: "ThrottlingException" },
    });
  }, 60_000);
});

test("no run of calls gets more than its rate and one second's burst, and waiting as told is enough", () => {
  const operations = ["PutAuditEvents", "ListChannels", "StartQuery", "DeleteChannel"];
  const perSecond: Readonly<Record<string, number>> = {
    PutAuditEvents: 100,
    ListChannels: 10,
    StartQuery: 3,
    DeleteChannel: 1,
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...operations),
      fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 300 }),
      (operation, pauses) => {
        let now = 0;
        let taken = 0;
        const limits = new RateLimits(awsQuotas.rates, () => now);
        for (const pause of pauses) {
          now += pause;
          try {
            limits.take(account, operation);
            taken += 1;
          } catch (error) {
            const { retryAfter } = error as { readonly retryAfter: number };
            now += retryAfter * 1000;
            limits.take(account, operation);
            taken += 1;
          }
          expect(taken).toBeLessThanOrEqual(perSecond[operation]! * (1 + now / 1000) + 1e-6);
        }
      },
    ),
  );
});

test("without rates nothing is throttled", () => {
  const limits = new RateLimits(defaultQuotas.rates, () => 0);
  for (let call = 0; call < 10_000; call++) expect(() => limits.take(account, "CreateChannel")).not.toThrow();
});

test("each quota is the host's to set, beside AWS's rates and without them", () => {
  expect(quotaOptions({})).toEqual(defaultQuotas);
  expect(quotaOptions({ quotas: "aws" })).toEqual(awsQuotas);
  expect(
    quotaOptions({
      channels: "100",
      "channels-per-source": "5",
      "event-data-stores": "50",
      "concurrent-queries": "4",
      "tags-per-resource": "60",
    }),
  ).toEqual({
    channels: 100,
    channelsPerSource: 5,
    eventDataStores: 50,
    concurrentQueries: 4,
    tagsPerResource: 60,
  });
  expect(quotaOptions({ "put-rate": "7" }).rates).toEqual({ putAuditEvents: 7 });
  expect(quotaOptions({ quotas: "aws", "put-rate": "7" }).rates).toEqual({ ...awsQuotas.rates, putAuditEvents: 7 });
});

test("what is more than a quota of the host's is refused by its name", async () => {
  const quotas = quotaOptions({
    channels: "1",
    "event-data-stores": "2",
    "tags-per-resource": "1",
    "concurrent-queries": "1",
    "put-rate": "2",
  });
  const lake = await TestLake.start({ quotas, clock: { now: () => Date.now(), monotonic: () => 0 } });
  try {
    const stores = [await lake.store("one"), await lake.store("two")];
    const [storeArn] = stores;
    const refused = async (operation: string, input: object, code: string): Promise<void> =>
      expect(await lake.control(operation, input)).toMatchObject({ json: { __type: code } });
    const selectors = { AdvancedEventSelectors: activity };
    await refused("CreateEventDataStore", { Name: "three", ...selectors }, "EventDataStoreMaxLimitExceededException");
    const channelArn = await lake.channel(stores);
    const Destinations = [{ Type: "EVENT_DATA_STORE", Location: storeArn }];
    await refused("CreateChannel", { Name: "two", Source: "Snyk", Destinations }, "ChannelMaxLimitExceededException");
    const TagsList = [{ Key: "a" }, { Key: "b" }];
    await refused("AddTags", { ResourceId: storeArn, TagsList }, "TagsLimitExceededException");
    const QueryStatement = `SELECT count(*) FROM ${storeArn!.split("/")[1]} a, UNNEST(sequence(1, 100000)) AS t(x), UNNEST(sequence(1, 100000)) AS u(y) WHERE x * y % 7 = 3`;
    const { json } = await lake.control("StartQuery", { QueryStatement });
    await refused("StartQuery", { QueryStatement }, "MaxConcurrentQueriesException");
    await lake.control("CancelQuery", { QueryId: json["QueryId"] });
    for (const id of ["a", "b"]) expect(await lake.put(channelArn, [entry(id)])).toMatchObject({ status: 200 });
    expect(await lake.put(channelArn, [entry("c")])).toMatchObject({
      status: 429,
      json: { __type: "ThrottlingException" },
    });
    expect(await lake.control("ListChannels", {})).toMatchObject({ status: 200 });
  } finally {
    await lake.close();
  }
});

describe("with --channels-per-source 2 and --sources", () => {
  let lake: TestLake;
  let storeArn: string;
  beforeAll(async () => {
    const sources = parseSources(
      JSON.stringify([
        {
          name: "AcmeAudit",
          displayName: "Acme",
          type: "direct",
          partnerAccountIds: ["444455556666"],
          documentationUrl: "https://example.com/docs",
          eventSources: ["acme.example.com", "vault.acme.example.com"],
        },
        { name: "Free", displayName: "Free of rules", type: "solution" },
      ]),
      "sources.json",
    );
    lake = await TestLake.start({ sources, quotas: { ...defaultQuotas, channelsPerSource: 2 } });
    storeArn = await lake.store();
  });
  afterAll(() => lake.close());

  const channel = (Source: string, Name: string): CreateChannelCommand =>
    new CreateChannelCommand({ Name, Source, Destinations: [{ Type: "EVENT_DATA_STORE", Location: storeArn }] });

  test("a source has two channels and no third", async () => {
    for (const name of ["first", "second"]) await client(lake).send(channel("GitHub", name));
    await expect(client(lake).send(channel("GitHub", "third"))).rejects.toBeInstanceOf(
      ChannelMaxLimitExceededException,
    );
  });

  test("a registered source behaves like AWS's, and no other name does", async () => {
    const { ChannelArn } = await client(lake).send(channel("Free", "free"));
    expect(await client(lake).send(new GetChannelCommand({ Channel: ChannelArn }))).toMatchObject({ Source: "Free" });
    const { json } = await lake.put(ChannelArn!, [entry("a", { eventSource: "anything.example.com" })]);
    expect(json).toMatchObject({ failed: [], successful: [{ id: "a" }] });
    for (const name of ["free", "Acme", "AcmeAudit "])
      await expect(client(lake).send(channel(name, "other"))).rejects.toBeInstanceOf(InvalidSourceException);
  });

  test("an allow-list refuses each event of another eventSource, and that event alone", async () => {
    const { ChannelArn } = await client(lake).send(channel("AcmeAudit", "acme"));
    const { status, json } = await lake.put(ChannelArn!, [
      entry("good", { eventSource: "acme.example.com" }),
      entry("bad", { eventSource: "other.example.com" }),
      entry("case", { eventSource: "Acme.example.com" }),
      entry("also", { eventSource: "vault.acme.example.com" }),
    ]);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      successful: [{ id: "good" }, { id: "also" }],
      failed: [
        { id: "bad", errorCode: "InvalidEventSource" },
        { id: "case", errorCode: "InvalidEventSource" },
      ],
    });
    const custom = await client(lake).send(channel("Custom", "custom"));
    const other = await lake.put(custom.ChannelArn!, [entry("other", { eventSource: "other.example.com" })]);
    expect(other.json).toMatchObject({ failed: [] });
  });
});

test("an eventTime may lie as far ahead as the host says, by default a day", async () => {
  const hour = 3_600_000;
  const now = Date.now();
  const clock = { now: () => now, monotonic: () => 0 };
  const inHours = (hours: number) => ({ eventTime: `${new Date(now + hours * hour).toISOString().slice(0, 19)}Z` });
  for (const [options, most] of [
    [{}, 24],
    [{ maxFutureMs: 2 * hour }, 2],
    [{ maxFutureMs: 48 * hour }, 48],
  ] as const) {
    const lake = await TestLake.start({ ...options, clock });
    const channelArn = await lake.channel([await lake.store()]);
    const { json } = await lake.put(channelArn, [entry("just", inHours(most)), entry("more", inHours(most + 0.01))]);
    expect(json).toMatchObject({ successful: [{ id: "just" }], failed: [{ id: "more", errorCode: "InvalidData" }] });
    await lake.close();
  }
});

test("a lake does not start without the source of a channel, whose allow-list would be gone", async () => {
  const rows = [
    { source: "AcmeAudit", displayName: "Acme", type: "direct", partnerAccountIds: [], eventSources: ["acme"] },
  ] as const;
  const lake = await TestLake.start({ sources: rows });
  const Destinations = [{ Type: "EVENT_DATA_STORE", Location: await lake.store() }];
  const { json } = await lake.control("CreateChannel", { Name: "acme", Source: "AcmeAudit", Destinations });
  const channelArn = String(json["ChannelArn"]);
  await lake.lake.close();
  for (const options of [{}, { sources: [{ ...rows[0], source: "AcmeAudit2" }] }])
    await expect(TestLake.on(lake.data, options).serve()).rejects.toMatchObject({
      code: "SOURCE_NOT_REGISTERED",
      message: expect.stringContaining(channelArn) as string,
    });
  await lake.serve();
  const { json: answer } = await lake.put(channelArn, [entry("a", { eventSource: "other" })]);
  expect(answer).toMatchObject({ failed: [{ errorCode: "InvalidEventSource" }] });
  await lake.close();
});

describe("where a policy names an external id", () => {
  const cases = [
    ["gate", 400],
    ["iam", 200],
  ] as const;
  test.each(cases)("an owner who sends none is answered in the mode %s with %i", async (externalIdMode, status) => {
    const lake = await TestLake.start({ externalIdMode });
    try {
      const ResourceArn = await lake.channel([await lake.store()]);
      const statement = {
        Effect: "Allow",
        Principal: { AWS: otherAccount },
        Action: "cloudtrail-data:PutAuditEvents",
        Resource: ResourceArn,
        Condition: { StringEquals: { "cloudtrail:ExternalId": "secret" } },
      };
      const ResourcePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      await lake.control("PutResourcePolicy", { ResourceArn, ResourcePolicy });
      expect(await lake.put(ResourceArn, [entry("owner")])).toMatchObject({ status });
      const partner = await lake.identity(otherAccount, "partner");
      const refused = await lake.put(ResourceArn, [entry("partner")], { key: partner });
      expect(refused).toMatchObject({ status: 400, json: { __type: "ChannelInsufficientPermission" } });
    } finally {
      await lake.close();
    }
  });
});

describe("a list of sources that is not right is refused with the file, the source and the rule", () => {
  const good = { name: "Acme", displayName: "Acme", type: "solution" };
  const cases: readonly [string, unknown, RegExp][] = [
    ["no JSON", "{", /^sources\.json is not a list of sources: .+/],
    ["a member twice", '[{"name":"a","name":"b"}]', /^sources\.json is not a list of sources: .+/],
    ["no list", good, /^sources\.json must hold a JSON list/],
    ["no object", [7], /^sources\.json, source 1: a source is an object/],
    ["no name", [{ ...good, name: undefined }], /^sources\.json, source 1: name must be/],
    ["an empty name", [{ ...good, name: "" }], /source 1 \(""\): name must be/],
    ["a name too long", [{ ...good, name: "a".repeat(257) }], /name must be/],
    ["a name of two lines", [{ ...good, name: "a\nb" }], /name must be/],
    ["no display name", [good, { ...good, name: "B", displayName: 1 }], /source 2 \("B"\): displayName must be/],
    ["another type", [{ ...good, type: "Direct" }], /\("Acme"\): type must be "direct" or "solution"/],
    ["a number as account", [{ ...good, partnerAccountIds: [111122223333] }], /partnerAccountIds must be/],
    ["a short account", [{ ...good, partnerAccountIds: ["1"] }], /partnerAccountIds must be/],
    ["an address of another kind", [{ ...good, documentationUrl: "javascript:alert(1)" }], /documentationUrl must be/],
    ["an empty allow-list", [{ ...good, eventSources: [] }], /eventSources must be/],
    ["an empty eventSource", [{ ...good, eventSources: [""] }], /eventSources must be/],
    ["a stray member", [{ ...good, eventSource: "x" }], /there is no member "eventSource"/],
    ["a name of AWS's", [{ ...good, name: "GitHub" }], /AWS has a source of that name/],
    ["a name twice", [good, good], /source 2 \("Acme"\): the name is given twice/],
  ];
  test.each(cases)("%s", (_name, content, message) => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    expect(() => parseSources(text, "sources.json")).toThrow(
      expect.objectContaining({ code: "SOURCES_NOT_VALID", message: expect.stringMatching(message) }),
    );
  });
});

describe("serve refuses", () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await TestLake.start();
    writeFileSync(join(lake.data, "bad.json"), '[{"name":"GitHub","displayName":"x","type":"direct"}]');
    writeFileSync(join(lake.data, "long.json"), Buffer.alloc(16 * 1024 ** 2 + 1, " "));
  });
  afterAll(() => lake.close());

  const cases: readonly [string, readonly string[], number, RegExp][] = [
    ["other quotas", ["--quotas", "AWS"], 2, /--quotas can be default or aws/],
    ["another mode", ["--external-id-mode", "none"], 2, /--external-id-mode can be gate or iam/],
    ["no channel a source", ["--channels-per-source", "0"], 2, /--channels-per-source must be a number/],
    ["no event data store", ["--event-data-stores", "0"], 2, /--event-data-stores must be a number from 1 to 999999/],
    ["no time ahead", ["--event-time-ahead", "0"], 2, /--event-time-ahead must be a number from 1 to 8760/],
    ["a rate without end", ["--put-rate", "1000000"], 2, /--put-rate must be a number from 1 to 999999/],
    ["a number with a fraction", ["--channels-per-source", "1.5"], 2, /--channels-per-source must be a number/],
    ["sources that are not there", ["--sources", "/no/such/file.json"], 1, /\/no\/such\/file\.json cannot be read/],
    [
      "sources without an end",
      ["--sources", "long.json"],
      1,
      /long\.json cannot be read: it is longer than 16777216 bytes/,
    ],
    ["sources that are not right", ["--sources", "bad.json"], 1, /bad\.json, source 1 \("GitHub"\): AWS has/],
  ];
  test.each(cases)("%s", async (_name, args, code, message) => {
    const given = args.map((arg) => (/^(?:bad|long)\.json$/.test(arg) ? join(lake.data, arg) : arg));
    const answer = await run(["serve", "--data", lake.data, ...given]);
    expect(answer).toMatchObject({ code, stderr: expect.stringMatching(message) });
  });
});
