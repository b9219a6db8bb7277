import { join } from "node:path";
import {
  CloudTrailClient,
  CreateEventDataStoreCommand,
  EventDataStoreAlreadyExistsException,
  EventDataStoreARNInvalidException,
  EventDataStoreNotFoundException,
  GetEventDataStoreCommand,
  InactiveEventDataStoreException,
  InvalidEventDataStoreCategoryException,
  InvalidEventDataStoreStatusException,
  InvalidEventSelectorsException,
  InvalidKmsKeyIdException,
  InvalidParameterException,
  KmsKeyNotFoundException,
  StartEventDataStoreIngestionCommand,
  StopEventDataStoreIngestionCommand,
  UpdateEventDataStoreCommand,
  type UpdateEventDataStoreCommandInput,
} from "@aws-sdk/client-cloudtrail";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { TestLake, account, activity } from "./test-lake.ts";

let lake: TestLake;
let client: CloudTrailClient;
let now = Date.now();
let extendable: string;
let fixed: string;
let pending: string;
beforeAll(async () => {
  lake = await TestLake.start({ clock: { now: () => now, monotonic: () => performance.now() } });
  client = new CloudTrailClient({ region: "us-east-1", endpoint: lake.url, credentials: lake.admin, maxAttempts: 1 });
  extendable = await lake.store("extendable");
  const { EventDataStoreArn } = await client.send(
    new CreateEventDataStoreCommand({
      Name: "fixed",
      AdvancedEventSelectors: activity,
      BillingMode: "FIXED_RETENTION_PRICING",
    }),
  );
  fixed = EventDataStoreArn!;
  pending = await lake.store("pending");
  await awaitDeletion(pending);
});
afterAll(async () => {
  client.destroy();
  await lake.close();
});

/** Puts a store into the state that a deletion leaves it in for seven days. */
async function awaitDeletion(arn: string): Promise<void> {
  const catalog = await openSqliteCatalog({
    file: join(lake.data, "catalog.sqlite"),
    clock: { now: () => now, monotonic: () => now },
  });
  try {
    const { generation, stores } = await catalog.readControl();
    const store = [...stores.values()].find((other) => other.arn === arn)!;
    await catalog.changeControl(generation, [{ kind: "putStore", store: { ...store, status: "PENDING_DELETION" } }]);
  } finally {
    await catalog.close();
  }
}

const update = (input: Partial<UpdateEventDataStoreCommandInput>): UpdateEventDataStoreCommand =>
  new UpdateEventDataStoreCommand({ EventDataStore: extendable, ...input });
const selectors = (Equals: string[]): UpdateEventDataStoreCommand =>
  update({ AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals }] }] });
const unknown = "00000000-0000-4000-8000-000000000000";
const key = "alias/lake";

describe("what a store cannot become is refused by its class, with its status", () => {
  type Sendable = { readonly input: object };
  const cases: readonly [string, () => Sendable, new (...args: never[]) => Error, number][] = [
    ["an update of nothing", () => update({}), InvalidParameterException, 400],
    ["a name that is taken", () => update({ Name: "fixed" }), EventDataStoreAlreadyExistsException, 400],
    [
      "a name of a store that is being deleted",
      () => update({ Name: "pending" }),
      EventDataStoreAlreadyExistsException,
      400,
    ],
    ["a name of two characters", () => update({ Name: "ab" }), InvalidParameterException, 400],
    ["another category", () => selectors(["Management"]), InvalidEventSelectorsException, 400],
    ["a second category", () => selectors(["ActivityAuditLog", "Data"]), InvalidEventSelectorsException, 400],
    ["no selectors", () => update({ AdvancedEventSelectors: [] }), InvalidEventSelectorsException, 400],
    ["all regions", () => update({ MultiRegionEnabled: true }), InvalidParameterException, 400],
    ["an organization", () => update({ OrganizationEnabled: true }), InvalidParameterException, 400],
    ["six days", () => update({ RetentionPeriod: 6 }), InvalidParameterException, 400],
    ["3654 days", () => update({ RetentionPeriod: 3654 }), InvalidParameterException, 400],
    [
      "2558 days at the fixed price",
      () => update({ EventDataStore: fixed, RetentionPeriod: 2558 }),
      InvalidParameterException,
      400,
    ],
    [
      "the fixed price after the extendable one",
      () => update({ BillingMode: "FIXED_RETENTION_PRICING" }),
      InvalidParameterException,
      400,
    ],
    ["an unknown price", () => update({ BillingMode: "FREE" as never }), InvalidParameterException, 400],
    ["a key", () => update({ KmsKeyId: key }), KmsKeyNotFoundException, 400],
    ["text that names no key", () => update({ KmsKeyId: "a key" }), InvalidKmsKeyIdException, 400],
    [
      "a key at the creation",
      () => new CreateEventDataStoreCommand({ Name: "keyed", AdvancedEventSelectors: activity, KmsKeyId: key }),
      KmsKeyNotFoundException,
      400,
    ],
    [
      "a store that is not there",
      () => update({ EventDataStore: unknown, Name: "other" }),
      EventDataStoreNotFoundException,
      404,
    ],
    [
      "a store of another account",
      () => update({ EventDataStore: extendable.replace(account, "999999999999"), Name: "other" }),
      EventDataStoreARNInvalidException,
      400,
    ],
    [
      "a store that waits for its deletion",
      () => update({ EventDataStore: pending, Name: "other" }),
      InactiveEventDataStoreException,
      400,
    ],
    ...[StartEventDataStoreIngestionCommand, StopEventDataStoreIngestionCommand].flatMap((Command): typeof cases => [
      [
        `${Command.name} of an activity store`,
        () => new Command({ EventDataStore: extendable }),
        InvalidEventDataStoreCategoryException,
        400,
      ],
      [
        `${Command.name} of a store that waits for its deletion`,
        () => new Command({ EventDataStore: pending }),
        InvalidEventDataStoreStatusException,
        400,
      ],
      [
        `${Command.name} of a store that is not there`,
        () => new Command({ EventDataStore: unknown }),
        EventDataStoreNotFoundException,
        404,
      ],
      [
        `${Command.name} of what is no store`,
        () => new Command({ EventDataStore: extendable.replace("eventdatastore", "channel") }),
        EventDataStoreARNInvalidException,
        400,
      ],
    ]),
  ];
  test.each(cases)("%s", async (_name, command, type, status) => {
    const error: unknown = await client.send(command() as GetEventDataStoreCommand).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ $metadata: { httpStatusCode: status }, message: expect.stringMatching(/./) });
  });
});

describe("an update", () => {
  test("replaces what is given, keeps the rest and moves UpdatedTimestamp alone", async () => {
    const before = await client.send(new GetEventDataStoreCommand({ EventDataStore: extendable }));
    now += 5000;
    const updated = await client.send(
      update({
        Name: "renamed",
        RetentionPeriod: 3653,
        TerminationProtectionEnabled: false,
        MultiRegionEnabled: false,
      }),
    );
    expect(updated).toMatchObject({
      EventDataStoreArn: extendable,
      Name: "renamed",
      Status: "ENABLED",
      RetentionPeriod: 3653,
      TerminationProtectionEnabled: false,
      MultiRegionEnabled: false,
      BillingMode: before.BillingMode,
      AdvancedEventSelectors: before.AdvancedEventSelectors,
      FederationStatus: "DISABLED",
    });
    expect(updated.CreatedTimestamp).toEqual(before.CreatedTimestamp);
    expect(updated.UpdatedTimestamp!.getTime() - before.UpdatedTimestamp!.getTime()).toBe(5000);
    const { $metadata: _1, ...after } = await client.send(new GetEventDataStoreCommand({ EventDataStore: extendable }));
    const { $metadata: _2, ...answered } = updated;
    expect(after).toEqual(answered);
  });

  test("may keep its own name, and name its selector", async () => {
    const { Name, AdvancedEventSelectors } = await client.send(
      update({ Name: "renamed", AdvancedEventSelectors: [{ Name: "all of it", ...activity[0]! }] }),
    );
    expect({ Name, AdvancedEventSelectors }).toEqual({
      Name: "renamed",
      AdvancedEventSelectors: [{ Name: "all of it", ...activity[0]! }],
    });
  });

  test("goes from the fixed price to the extendable one, keeping its days unless others are given", async () => {
    const updated = await client.send(update({ EventDataStore: fixed, BillingMode: "EXTENDABLE_RETENTION_PRICING" }));
    expect(updated).toMatchObject({ BillingMode: "EXTENDABLE_RETENTION_PRICING", RetentionPeriod: 2557 });
    await client.send(update({ EventDataStore: fixed, RetentionPeriod: 3000 }));
    await expect(
      client.send(update({ EventDataStore: fixed, BillingMode: "FIXED_RETENTION_PRICING", RetentionPeriod: 7 })),
    ).rejects.toBeInstanceOf(InvalidParameterException);
  });

  test("never moves UpdatedTimestamp back when the clock goes back", async () => {
    now -= 600_000;
    const { CreatedTimestamp, UpdatedTimestamp } = await client.send(update({ RetentionPeriod: 30 }));
    expect(UpdatedTimestamp!.getTime()).toBeGreaterThanOrEqual(CreatedTimestamp!.getTime());
    now += 600_000;
  });
});
