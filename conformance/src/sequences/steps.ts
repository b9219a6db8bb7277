import { type Arbitrary, array, constantFrom, oneof, option, record } from "fast-check";
import type { Members } from "../core/members.ts";
import type { Names } from "./names.ts";

/** One step: what is asked of both sides. */
export interface Step {
  /** For people. */
  readonly text: string;
  readonly operation: string;
  /** For one side: names stand for its ARNs. */
  readonly input: (names: Names, prefix: string) => Members;
  /** What its answer's ARN is called. */
  readonly makes?: string;
  /** Days that pass instead. */
  readonly days?: number;
  /** A store: the step is only taken while that waits for its deletion. */
  readonly whileDeleted?: string;
}

// The first is what most happens to: store-2 has a channel that stays.
const stores = ["store-1", "store-1", "store-1", "store-1", "store-2", "store-2", "store-of-nobody"] as const;
const channels = ["channel-1", "channel-1", "channel-2", "channel-0", "channel-of-nobody"] as const;
const own = ["channel-1", "channel-2"] as const;
const suffixes = ["a", "b", "c"] as const;
const keys = ["team", "stage"] as const;
/** A channel's place has a source of its own: an account has one channel of each. */
const sourceOf = { "channel-1": 0, "channel-2": 1 } as const;

const store = constantFrom(...stores);
const channel = constantFrom(...channels);
const storeName = constantFrom(...suffixes);
const destinations = constantFrom<readonly string[]>(["store-1"], ["store-2"], ["store-1", "store-2"]);
const taggable = constantFrom("store-1", "store-2", "channel-0", "channel-1");
const fullName = (prefix: string, suffix: string) => `${prefix}-${suffix}`;

const to = (names: Names, chosen: readonly string[]) =>
  chosen.map((name) => ({ Type: "EVENT_DATA_STORE", Location: names.arn(name) }));

/** An operation that names one store. */
const onStore = (...operations: readonly string[]): Arbitrary<Step> =>
  record({ operation: constantFrom(...operations), name: store }).map(({ operation, name }) => ({
    text: `${operation} ${name}`,
    operation,
    input: (names) => ({ EventDataStore: names.arn(name) }),
  }));

/** An operation that names one channel. */
const onChannel = (...operations: readonly string[]): Arbitrary<Step> =>
  record({ operation: constantFrom(...operations), name: constantFrom(...own, "channel-of-nobody") }).map(
    ({ operation, name }) => ({
      text: `${operation} ${name}`,
      operation,
      input: (names) => ({ Channel: names.arn(name) }),
    }),
  );

const listing: Arbitrary<Step> = constantFrom("ListEventDataStores", "ListChannels").map((operation) => ({
  text: operation,
  operation,
  input: () => ({}),
}));

const updateStore: Arbitrary<Step> = record({
  name: constantFrom("store-1", "store-2"),
  rename: option(storeName, { nil: undefined }),
  days: option(constantFrom(7, 90, 2557, 2558), { nil: undefined }),
  protection: option(constantFrom(true, false), { nil: undefined }),
}).map(({ name, rename, days, protection }) => ({
  text: `UpdateEventDataStore ${name}${said("Name", rename)}${said("RetentionPeriod", days)}${said("TerminationProtectionEnabled", protection)}`,
  operation: "UpdateEventDataStore",
  input: (names, prefix) => ({
    EventDataStore: names.arn(name),
    ...(rename !== undefined && { Name: fullName(prefix, rename) }),
    ...(days !== undefined && { RetentionPeriod: days }),
    ...(protection !== undefined && { TerminationProtectionEnabled: protection }),
  }),
}));

const createStore: Arbitrary<Step> = storeName.map((suffix) => ({
  text: `CreateEventDataStore Name=${suffix}`,
  operation: "CreateEventDataStore",
  input: (_names, prefix) => newStore(fullName(prefix, suffix)),
}));

const createChannel: Arbitrary<Step> = record({ name: constantFrom(...own), suffix: storeName, destinations }).map(
  ({ name, suffix, destinations: chosen }) => ({
    text: `CreateChannel ${name} Name=${suffix} to ${chosen.join(" and ")}`,
    operation: "CreateChannel",
    makes: name,
    input: (names, prefix) => ({
      Name: fullName(prefix, suffix),
      Source: names.arn(`source-${sourceOf[name]}`),
      Destinations: to(names, chosen),
    }),
  }),
);

const updateChannel: Arbitrary<Step> = record({
  name: constantFrom(...own),
  rename: option(storeName, { nil: undefined }),
  move: option(destinations, { nil: undefined }),
}).map(({ name, rename, move }) => ({
  text: `UpdateChannel ${name}${said("Name", rename)}${move === undefined ? "" : ` to ${move.join(" and ")}`}`,
  operation: "UpdateChannel",
  input: (names, prefix) => ({
    Channel: names.arn(name),
    ...(rename !== undefined && { Name: fullName(prefix, rename) }),
    ...(move !== undefined && { Destinations: to(names, move) }),
  }),
}));

const policies: Arbitrary<Step> = oneof(
  record({ name: channel, effect: constantFrom("Allow", "Deny") }).map(({ name, effect }) => ({
    text: `PutResourcePolicy ${name}, ${effect === "Allow" ? "which allows another account" : "which denies its owner"}`,
    operation: "PutResourcePolicy",
    input: (names: Names) => ({
      ResourceArn: names.arn(name),
      ResourcePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: effect,
          Principal: { AWS: effect === "Allow" ? "210987654321" : names.arn(name).split(":")[4] },
          Action: "cloudtrail-data:PutAuditEvents",
          Resource: names.arn(name),
        },
      }),
    }),
  })),
  record({ operation: constantFrom("GetResourcePolicy", "DeleteResourcePolicy"), name: channel }).map(
    ({ operation, name }) => ({
      text: `${operation} ${name}`,
      operation,
      input: (names: Names) => ({ ResourceArn: names.arn(name) }),
    }),
  ),
);

const tags: Arbitrary<Step> = oneof(
  record({
    operation: constantFrom("AddTags", "RemoveTags"),
    name: taggable,
    key: constantFrom(...keys),
    value: constantFrom("x", "y"),
  }).map(({ operation, name, key, value }) => ({
    text: `${operation} ${name} ${key}${operation === "AddTags" ? `=${value}` : ""}`,
    operation,
    input: (names: Names) => ({
      ResourceId: names.arn(name),
      TagsList: [operation === "AddTags" ? { Key: key, Value: value } : { Key: key }],
    }),
  })),
  taggable.map((name) => ({
    text: `ListTags ${name}`,
    operation: "ListTags",
    input: (names: Names) => ({ ResourceIdList: [names.arn(name)] }),
  })),
);

const put: Arbitrary<Step> = channel.map((name) => ({
  text: `PutAuditEvents to ${name}`,
  operation: "PutAuditEvents",
  input: (names) => ({ channelArn: names.arn(name) }),
}));

const time: Arbitrary<Step> = constantFrom(1, 3, 6, 7).map((days) => ({
  text: days === 1 ? "a day passes" : `${days} days pass`,
  operation: "",
  input: () => ({}),
  days,
}));

/** Steps of a sequence. @param withTime days may pass between them */
export function steps(withTime: boolean): Arbitrary<readonly Step[]> {
  const deletions = onStore("DeleteEventDataStore", "RestoreEventDataStore");
  const reads = onStore("GetEventDataStore", "StartEventDataStoreIngestion", "StopEventDataStoreIngestion");
  const ofChannels = onChannel("GetChannel", "DeleteChannel");
  const all = [
    reads,
    deletions,
    listing,
    updateStore,
    createStore,
    ofChannels,
    createChannel,
    updateChannel,
    policies,
    tags,
    put,
  ];
  const step = withTime
    ? oneof(
        { arbitrary: deletions, weight: 4 },
        { arbitrary: time, weight: 2 },
        ...[reads, createStore, updateStore, tags].map((arbitrary) => ({ arbitrary, weight: 1 })),
      )
    : oneof(...all);
  return array(step, { minLength: 1, maxLength: 30, size: "max" });
}

/** What there is to see at the end of a sequence, whatever it did; then what it deleted is restored. */
export const ending: readonly Step[] = [
  ...["store-1", "store-2"].map((name): Step => ({
    text: `GetEventDataStore ${name}`,
    operation: "GetEventDataStore",
    input: (names) => ({ EventDataStore: names.arn(name) }),
  })),
  ...["store-1", "channel-0", "channel-1"].map((name): Step => ({
    text: `ListTags ${name}`,
    operation: "ListTags",
    input: (names) => ({ ResourceIdList: [names.arn(name)] }),
  })),
  ...["channel-0", "channel-1", "channel-2"].map((name): Step => ({
    text: `GetChannel ${name}`,
    operation: "GetChannel",
    input: (names) => ({ Channel: names.arn(name) }),
  })),
  ...["ListEventDataStores", "ListChannels"].map((operation): Step => ({
    text: operation,
    operation,
    input: () => ({}),
  })),
  ...["store-1", "store-2"].map((name): Step => ({
    text: `RestoreEventDataStore ${name}`,
    operation: "RestoreEventDataStore",
    input: (names) => ({ EventDataStore: names.arn(name) }),
    whileDeleted: name,
  })),
];

/** What CreateEventDataStore needs. */
export const newStore = (name: string): Members => ({
  Name: name,
  AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] }],
  TerminationProtectionEnabled: false,
});

const said = (member: string, value: string | number | boolean | undefined): string =>
  value === undefined ? "" : ` ${member}=${value}`;
