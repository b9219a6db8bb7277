import { createHash } from "node:crypto";
import type { Call } from "./caller.ts";

/** What earlier steps have learnt: ARNs, ids, tokens. */
export type Learnt = Record<string, string>;

/** A call and what every client must make of its answer. */
export interface Step {
  readonly does: string;
  readonly service?: Call["service"];
  readonly operation: string;
  /** `partner`: a user of another account. */
  readonly as?: "owner" | "partner";
  readonly input: (learnt: Learnt) => object;
  /** Members that the output has, as `toMatchObject` compares. */
  readonly output?: (learnt: Learnt) => object;
  /** The class of the exception and its HTTP status. */
  readonly error?: readonly [name: string, status: number];
  readonly learn?: (output: any) => Learnt; // oxlint-disable-line typescript/no-explicit-any -- the shape is the service's
  /** Asked again until the output has the member's value. */
  readonly until?: readonly [member: string, value: string];
}

const activity = [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog"] }] }];
const gone = (arn: string): string => `${arn.slice(0, -4)}${arn.endsWith("0000") ? "1111" : "0000"}`;
const idOf = (arn: string): string => arn.split("/")[1]!;

function entry(account: string, uid: string): object {
  const eventData = JSON.stringify({
    version: "1.0",
    userIdentity: { type: "User", principalId: "alice" },
    eventSource: "custom.example.com",
    eventName: "Login",
    eventTime: "2026-11-20T10:00:00Z",
    UID: uid,
    recipientAccountId: account,
    additionalEventData: { text: "é 😀  two  spaces" },
  });
  return { id: uid, eventData, eventDataChecksum: createHash("sha256").update(eventData).digest("base64") };
}

function onStore(operation: string, error: readonly [string, number], input: (l: Learnt) => string): Step {
  return {
    does: `${operation} answers ${error[0]}`,
    operation,
    input: (l) => ({ EventDataStore: input(l), ...(operation === "UpdateEventDataStore" && { RetentionPeriod: 30 }) }),
    error,
  };
}

/** Every operation of the two services that a lake has, and every modelled error that a caller can bring about here. */
export function walk(account: string, partner: string): readonly Step[] {
  const onStores = [
    "GetEventDataStore",
    "UpdateEventDataStore",
    "DeleteEventDataStore",
    "RestoreEventDataStore",
    "StartEventDataStoreIngestion",
    "StopEventDataStoreIngestion",
    "ListQueries",
  ];
  const put = (does: string, more: Partial<Step> & { input: Step["input"] }): Step => ({
    does,
    service: "cloudtrail-data",
    operation: "PutAuditEvents",
    ...more,
  });
  return [
    {
      does: "a store is made",
      operation: "CreateEventDataStore",
      input: () => ({
        Name: "walk-events",
        AdvancedEventSelectors: activity,
        MultiRegionEnabled: false,
        TagsList: [{ Key: "team", Value: "audit" }],
      }),
      output: () => ({
        Name: "walk-events",
        Status: "ENABLED",
        RetentionPeriod: 366,
        TagsList: [{ Key: "team", Value: "audit" }],
      }),
      learn: ({ EventDataStoreArn }) => ({ store: EventDataStoreArn }),
    },
    {
      does: "a second store of the name is refused",
      operation: "CreateEventDataStore",
      input: () => ({ Name: "walk-events", AdvancedEventSelectors: activity, MultiRegionEnabled: false }),
      error: ["EventDataStoreAlreadyExistsException", 400],
    },
    {
      does: "a store of management events is refused",
      operation: "CreateEventDataStore",
      input: () => ({ Name: "management" }),
      error: ["InvalidEventSelectorsException", 400],
    },
    {
      does: "an activity store of all regions is refused",
      operation: "CreateEventDataStore",
      input: () => ({ Name: "all-regions", AdvancedEventSelectors: activity, MultiRegionEnabled: true }),
      error: ["InvalidParameterException", 400],
    },
    {
      does: "a key that nobody holds is refused",
      operation: "CreateEventDataStore",
      input: () => ({ Name: "with-key", AdvancedEventSelectors: activity, KmsKeyId: "alias/lake" }),
      error: ["KmsKeyNotFoundException", 400],
    },
    {
      does: "a reserved tag is refused",
      operation: "CreateEventDataStore",
      input: () => ({ Name: "tagged", AdvancedEventSelectors: activity, TagsList: [{ Key: "aws:x", Value: "1" }] }),
      error: ["InvalidTagParameterException", 400],
    },
    {
      does: "another store is made without termination protection",
      operation: "CreateEventDataStore",
      input: () => ({ Name: "walk-other", AdvancedEventSelectors: activity, TerminationProtectionEnabled: false }),
      output: () => ({ TerminationProtectionEnabled: false, MultiRegionEnabled: false }),
      learn: ({ EventDataStoreArn }) => ({ other: EventDataStoreArn }),
    },
    {
      does: "a store is read by its id",
      operation: "GetEventDataStore",
      input: ({ store }) => ({ EventDataStore: idOf(store!) }),
      output: ({ store }) => ({
        EventDataStoreArn: store,
        FederationStatus: "DISABLED",
        BillingMode: "EXTENDABLE_RETENTION_PRICING",
      }),
    },
    {
      does: "stores are listed a page at a time",
      operation: "ListEventDataStores",
      input: () => ({ MaxResults: 1 }),
      output: ({ store }) => ({ EventDataStores: [{ EventDataStoreArn: store, Name: "walk-events" }] }),
      learn: ({ NextToken }) => ({ token: NextToken }),
    },
    {
      does: "the next page is the other store",
      operation: "ListEventDataStores",
      input: ({ token }) => ({ MaxResults: 1, NextToken: token }),
      output: ({ other }) => ({ EventDataStores: [{ EventDataStoreArn: other, Name: "walk-other" }] }),
    },
    {
      does: "a token of another call is refused",
      operation: "ListChannels",
      input: ({ token }) => ({ MaxResults: 1, NextToken: token }),
      error: ["InvalidNextTokenException", 400],
    },
    {
      does: "a store changes",
      operation: "UpdateEventDataStore",
      input: ({ store }) => ({ EventDataStore: store, Name: "walk-renamed", RetentionPeriod: 90 }),
      output: () => ({ Name: "walk-renamed", RetentionPeriod: 90 }),
    },
    {
      does: "a change to nothing is refused",
      operation: "UpdateEventDataStore",
      input: ({ store }) => ({ EventDataStore: store }),
      error: ["InvalidParameterException", 400],
    },
    {
      does: "a change of name to another's is refused",
      operation: "UpdateEventDataStore",
      input: ({ store }) => ({ EventDataStore: store, Name: "walk-other" }),
      error: ["EventDataStoreAlreadyExistsException", 400],
    },
    {
      does: "a change of category is refused",
      operation: "UpdateEventDataStore",
      input: ({ store }) => ({
        EventDataStore: store,
        AdvancedEventSelectors: [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] }],
      }),
      error: ["InvalidEventSelectorsException", 400],
    },
    {
      does: "a key that nobody holds is refused in a change",
      operation: "UpdateEventDataStore",
      input: ({ store }) => ({ EventDataStore: store, KmsKeyId: "alias/lake" }),
      error: ["KmsKeyNotFoundException", 400],
    },
    ...onStores.map((operation) =>
      onStore(operation, ["EventDataStoreNotFoundException", 404], (l) => gone(l["store"]!)),
    ),
    ...onStores.map((operation) =>
      onStore(operation, ["EventDataStoreARNInvalidException", 400], () => "arn:aws:s3:::not-a-store"),
    ),
    onStore("StartEventDataStoreIngestion", ["InvalidEventDataStoreCategoryException", 400], (l) => l["store"]!),
    onStore("StopEventDataStoreIngestion", ["InvalidEventDataStoreCategoryException", 400], (l) => l["store"]!),
    {
      does: "a channel is made",
      operation: "CreateChannel",
      input: ({ store: location }) => ({
        Name: "walk-channel",
        Source: "Custom",
        Destinations: [{ Type: "EVENT_DATA_STORE", Location: location }],
        Tags: [{ Key: "team" }],
      }),
      output: ({ store: location }) => ({
        Name: "walk-channel",
        Source: "Custom",
        Destinations: [{ Type: "EVENT_DATA_STORE", Location: location }],
      }),
      learn: ({ ChannelArn }) => ({ channel: ChannelArn }),
    },
    ...(
      [
        ["ChannelAlreadyExistsException", { Name: "walk-channel" }],
        ["InvalidSourceException", { Source: "Nowhere" }],
        ["ChannelMaxLimitExceededException", { Name: "walk-second" }],
      ] as const
    ).map(([error, change]): Step => ({
      does: `a channel is refused with ${error}`,
      operation: "CreateChannel",
      input: ({ store: location }) => ({
        Name: "walk-new",
        Source: "Custom",
        Destinations: [{ Type: "EVENT_DATA_STORE", Location: location }],
        ...change,
      }),
      error: [error, 400],
    })),
    {
      does: "a channel to a store that is not there is refused",
      operation: "CreateChannel",
      input: ({ store: location }) => ({
        Name: "walk-nowhere",
        Source: "GitHub",
        Destinations: [{ Type: "EVENT_DATA_STORE", Location: gone(location!) }],
      }),
      error: ["EventDataStoreNotFoundException", 404],
    },
    {
      does: "a channel to what is no store is refused",
      operation: "CreateChannel",
      input: () => ({
        Name: "walk-nowhere",
        Source: "GitHub",
        Destinations: [{ Type: "EVENT_DATA_STORE", Location: "arn:aws:s3:::bucket" }],
      }),
      error: ["EventDataStoreARNInvalidException", 400],
    },
    {
      does: "a channel is read",
      operation: "GetChannel",
      input: ({ channel }) => ({ Channel: channel }),
      output: ({ channel }) => ({ ChannelArn: channel, Name: "walk-channel", Source: "Custom" }),
    },
    {
      does: "channels are listed",
      operation: "ListChannels",
      input: () => ({}),
      output: ({ channel }) => ({ Channels: [{ ChannelArn: channel, Name: "walk-channel" }] }),
    },
    ...["GetChannel", "UpdateChannel", "DeleteChannel"].flatMap((operation): readonly Step[] => [
      {
        does: `${operation} answers ChannelNotFoundException`,
        operation,
        input: ({ channel }) => ({
          Channel: gone(channel!),
          ...(operation === "UpdateChannel" && { Name: "walk-new" }),
        }),
        error: ["ChannelNotFoundException", 404],
      },
      {
        does: `${operation} answers ChannelARNInvalidException`,
        operation,
        input: () => ({ Channel: "arn:aws:s3:::nothing", ...(operation === "UpdateChannel" && { Name: "walk-new" }) }),
        error: ["ChannelARNInvalidException", 400],
      },
    ]),
    {
      does: "a channel is renamed",
      operation: "UpdateChannel",
      input: ({ channel }) => ({ Channel: channel, Name: "walk-channel-2" }),
      output: () => ({ Name: "walk-channel-2", Source: "Custom" }),
    },
    {
      does: "a channel's policy is put",
      operation: "PutResourcePolicy",
      input: ({ channel }) => ({ ResourceArn: channel, ResourcePolicy: policyFor(channel!, partner) }),
      output: ({ channel }) => ({ ResourceArn: channel, ResourcePolicy: policyFor(channel!, partner) }),
    },
    {
      does: "a policy of no grammar is refused",
      operation: "PutResourcePolicy",
      input: ({ channel }) => ({ ResourceArn: channel, ResourcePolicy: '{"Version":"2012-10-17"}' }),
      error: ["ResourcePolicyNotValidException", 400],
    },
    ...["PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy"].flatMap((operation): readonly Step[] =>
      (
        [
          ["ResourceARNNotValidException", () => "no-arn"],
          ["ResourceTypeNotSupportedException", () => `arn:aws:cloudtrail:us-east-1:${account}:trail/main`],
        ] as const
      ).map(([error, arn]) => ({
        does: `${operation} answers ${error}`,
        operation,
        input: ({ channel }) => ({
          ResourceArn: arn(),
          ...(operation === "PutResourcePolicy" && { ResourcePolicy: policyFor(channel!, partner) }),
        }),
        error: [error, 400],
      })),
    ),
    {
      does: "a channel's policy is read",
      operation: "GetResourcePolicy",
      input: ({ channel }) => ({ ResourceArn: channel }),
      output: ({ channel }) => ({ ResourcePolicy: policyFor(channel!, partner) }),
    },
    put("a partner sends events with the external id", {
      as: "partner",
      input: ({ channel }) => ({
        channelArn: channel,
        externalId: "walk-7",
        auditEvents: ["w-1", "w-2", "w-3"].map((uid) => entry(account, uid)),
      }),
      output: () => ({ successful: [{ id: "w-1" }, { id: "w-2" }, { id: "w-3" }], failed: [] }),
      learn: ({ successful }) => ({ eventID: successful[0].eventID }),
    }),
    put("a resend gets the same eventID", {
      as: "partner",
      input: ({ channel }) => ({ channelArn: channel, externalId: "walk-7", auditEvents: [entry(account, "w-1")] }),
      output: ({ eventID }) => ({ successful: [{ id: "w-1", eventID }], failed: [] }),
    }),
    put("one event is refused, its neighbour is not", {
      as: "partner",
      input: ({ channel }) => ({
        channelArn: channel,
        externalId: "walk-7",
        auditEvents: [entry(account, "w-1"), entry("999999999999", "w-9")],
      }),
      output: () => ({ successful: [{ id: "w-1" }], failed: [{ id: "w-9", errorCode: "InvalidRecipient" }] }),
    }),
    put("no external id is refused", {
      as: "partner",
      input: ({ channel }) => ({ channelArn: channel, auditEvents: [entry(account, "w-1")] }),
      error: ["ChannelInsufficientPermission", 400],
    }),
    put("ids that repeat are refused", {
      as: "partner",
      input: ({ channel }) => ({
        channelArn: channel,
        externalId: "walk-7",
        auditEvents: [entry(account, "w-1"), entry(account, "w-1")],
      }),
      error: ["DuplicatedAuditEventId", 400],
    }),
    put("the owner learns that a channel is not there", {
      input: ({ channel }) => ({ channelArn: gone(channel!), auditEvents: [entry(account, "w-1")] }),
      error: ["ChannelNotFound", 400],
    }),
    put("what is no channel's ARN is refused", {
      input: ({ store: location }) => ({ channelArn: location, auditEvents: [entry(account, "w-1")] }),
      error: ["InvalidChannelARN", 400],
    }),
    {
      does: "GetChannel tells of the last event",
      operation: "GetChannel",
      input: ({ channel }) => ({ Channel: channel }),
      output: () => ({ IngestionStatus: {} }),
    },
    {
      does: "tags are added",
      operation: "AddTags",
      input: ({ store: arn }) => ({ ResourceId: arn, TagsList: [{ Key: "cost", Value: "7" }] }),
      output: () => ({}),
    },
    {
      does: "tags are removed",
      operation: "RemoveTags",
      input: ({ store: arn }) => ({ ResourceId: arn, TagsList: [{ Key: "team" }] }),
      output: () => ({}),
    },
    {
      does: "tags are listed",
      operation: "ListTags",
      input: ({ store: arn, channel }) => ({ ResourceIdList: [arn, channel] }),
      output: ({ store: arn, channel }) => ({
        ResourceTagList: [
          { ResourceId: arn, TagsList: [{ Key: "cost", Value: "7" }] },
          { ResourceId: channel, TagsList: [{ Key: "team" }] },
        ],
      }),
    },
    {
      does: "a reserved tag is refused on a channel",
      operation: "AddTags",
      input: ({ channel }) => ({ ResourceId: channel, TagsList: [{ Key: "aws:x", Value: "1" }] }),
      error: ["InvalidTagParameterException", 400],
    },
    {
      does: "more than fifty tags are refused",
      operation: "AddTags",
      input: ({ store: arn }) => ({
        ResourceId: arn,
        TagsList: Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: "v" })),
      }),
      error: ["TagsLimitExceededException", 400],
    },
    ...(
      [
        ["EventDataStoreNotFoundException", 404, (l: Learnt) => gone(l["store"]!)],
        ["CloudTrailARNInvalidException", 400, () => "nothing"],
      ] as const
    ).flatMap(([error, status, arn]): readonly Step[] => [
      {
        does: `AddTags answers ${error}`,
        operation: "AddTags",
        input: (l) => ({ ResourceId: arn(l), TagsList: [{ Key: "k" }] }),
        error: [error, status],
      },
      {
        does: `RemoveTags answers ${error}`,
        operation: "RemoveTags",
        input: (l) => ({ ResourceId: arn(l), TagsList: [{ Key: "k" }] }),
        error: [error, status],
      },
      {
        does: `ListTags answers ${error}`,
        operation: "ListTags",
        input: (l) => ({ ResourceIdList: [arn(l)] }),
        error: [error, status],
      },
    ]),
    {
      does: "a query starts",
      operation: "StartQuery",
      input: ({ store: arn }) => ({
        QueryStatement: `SELECT eventData.UID AS uid, element_at(eventData.additionalEventData, 'text'), eventTime FROM ${idOf(arn!)} WHERE eventTime > '2026-11-20 00:00:00' ORDER BY 1`,
      }),
      learn: ({ QueryId }) => ({ query: QueryId }),
    },
    {
      does: "a query is described until it has finished",
      operation: "DescribeQuery",
      input: ({ query }) => ({ QueryId: query }),
      until: ["QueryStatus", "FINISHED"],
      output: ({ query }) => ({ QueryId: query, QueryStatistics: { EventsScanned: 3 } }),
    },
    {
      does: "its results come a page at a time",
      operation: "GetQueryResults",
      input: ({ query }) => ({ QueryId: query, MaxQueryResults: 2 }),
      output: () => ({
        QueryStatus: "FINISHED",
        QueryStatistics: { ResultsCount: 2, TotalResultsCount: 3 },
        QueryResultRows: ["w-1", "w-2"].map((uid) => [
          { uid },
          { _col1: "é 😀  two  spaces" },
          { eventTime: "2026-11-20 10:00:00.000" },
        ]),
      }),
      learn: ({ NextToken }) => ({ token: NextToken }),
    },
    {
      does: "the last page has no token",
      operation: "GetQueryResults",
      input: ({ query, token }) => ({ QueryId: query, MaxQueryResults: 2, NextToken: token }),
      output: () => ({ QueryStatistics: { ResultsCount: 1, TotalResultsCount: 3 } }),
    },
    {
      does: "queries are listed",
      operation: "ListQueries",
      input: ({ store: arn }) => ({
        EventDataStore: arn,
        QueryStatus: "FINISHED",
        StartTime: new Date(Date.now() - 3_600_000).toISOString(),
      }),
      output: ({ query }) => ({ Queries: [{ QueryId: query, QueryStatus: "FINISHED" }] }),
    },
    {
      does: "a range that ends before it begins is refused",
      operation: "ListQueries",
      input: ({ store: arn }) => ({
        EventDataStore: arn,
        StartTime: "2026-11-20T10:00:00Z",
        EndTime: "2026-11-20T09:00:00Z",
      }),
      error: ["InvalidDateRangeException", 400],
    },
    {
      does: "a query that has ended is not cancelled",
      operation: "CancelQuery",
      input: ({ query }) => ({ QueryId: query }),
      error: ["InactiveQueryException", 400],
    },
    ...["DescribeQuery", "GetQueryResults", "CancelQuery"].map((operation): Step => ({
      does: `${operation} answers QueryIdNotFoundException`,
      operation,
      input: () => ({ QueryId: "0c1d2e3f-0000-4000-8000-000000000001" }),
      error: ["QueryIdNotFoundException", 404],
    })),
    {
      does: "a statement that is no query is refused",
      operation: "StartQuery",
      input: ({ store: arn }) => ({ QueryStatement: `DELETE FROM ${idOf(arn!)}` }),
      error: ["InvalidQueryStatementException", 400],
    },
    {
      does: "a query of a store that is not there is refused",
      operation: "StartQuery",
      input: ({ store: arn }) => ({ QueryStatement: `SELECT 1 FROM ${idOf(gone(arn!))}` }),
      error: ["EventDataStoreNotFoundException", 404],
    },
    {
      does: "delivery that the host has not set up is refused",
      operation: "StartQuery",
      input: ({ store: arn }) => ({ QueryStatement: `SELECT 1 FROM ${idOf(arn!)}`, DeliveryS3Uri: "s3://results" }),
      error: ["UnsupportedOperationException", 400],
    },
    {
      does: "a slow query starts",
      operation: "StartQuery",
      input: ({ store: arn }) => ({
        QueryStatement: `SELECT count(*) FROM ${idOf(arn!)} CROSS JOIN UNNEST(sequence(1, 9000)) AS a(x) CROSS JOIN UNNEST(sequence(1, 9000)) AS b(y) CROSS JOIN UNNEST(sequence(1, 9000)) AS c(z) WHERE x * y * z = 7`,
      }),
      learn: ({ QueryId }) => ({ slow: QueryId }),
    },
    {
      does: "it is cancelled",
      operation: "CancelQuery",
      input: ({ slow }) => ({ QueryId: slow }),
      output: ({ slow }) => ({ QueryId: slow, QueryStatus: "CANCELLED" }),
    },
    {
      does: "a stranger may do nothing with the store",
      operation: "GetEventDataStore",
      as: "partner",
      input: ({ store: arn }) => ({ EventDataStore: arn }),
      error: ["EventDataStoreARNInvalidException", 400],
    },
    {
      does: "the channel's policy is deleted",
      operation: "DeleteResourcePolicy",
      input: ({ channel }) => ({ ResourceArn: channel }),
      output: () => ({}),
    },
    ...["GetResourcePolicy", "DeleteResourcePolicy"].map((operation): Step => ({
      does: `${operation} answers ResourcePolicyNotFoundException`,
      operation,
      input: ({ channel }) => ({ ResourceArn: channel }),
      error: ["ResourcePolicyNotFoundException", 404],
    })),
    onStore("DeleteEventDataStore", ["EventDataStoreTerminationProtectedException", 400], (l) => l["store"]!),
    {
      does: "termination protection is taken off",
      operation: "UpdateEventDataStore",
      input: ({ store: arn }) => ({ EventDataStore: arn, TerminationProtectionEnabled: false }),
      output: () => ({ TerminationProtectionEnabled: false }),
    },
    onStore("DeleteEventDataStore", ["ChannelExistsForEDSException", 400], (l) => l["store"]!),
    {
      does: "the channel is deleted",
      operation: "DeleteChannel",
      input: ({ channel }) => ({ Channel: channel }),
      output: () => ({}),
    },
    onStore("RestoreEventDataStore", ["InvalidEventDataStoreStatusException", 400], (l) => l["store"]!),
    {
      does: "the store is deleted",
      operation: "DeleteEventDataStore",
      input: ({ store: arn }) => ({ EventDataStore: arn }),
      output: () => ({}),
    },
    onStore("DeleteEventDataStore", ["InactiveEventDataStoreException", 400], (l) => l["store"]!),
    onStore("UpdateEventDataStore", ["InactiveEventDataStoreException", 400], (l) => l["store"]!),
    onStore("ListQueries", ["InactiveEventDataStoreException", 400], (l) => l["store"]!),
    {
      does: "a store that waits for its deletion takes no query",
      operation: "StartQuery",
      input: ({ store: arn }) => ({ QueryStatement: `SELECT 1 FROM ${idOf(arn!)}` }),
      error: ["InactiveEventDataStoreException", 400],
    },
    ...["DescribeQuery", "GetQueryResults"].map((operation): Step => ({
      does: `a store that waits for its deletion has no ${operation}`,
      operation,
      input: ({ query }) => ({ QueryId: query }),
      error: ["InactiveEventDataStoreException", 400],
    })),
    {
      does: "a store that waits for its deletion takes no tags",
      operation: "AddTags",
      input: ({ store: arn }) => ({ ResourceId: arn, TagsList: [{ Key: "k" }] }),
      error: ["InactiveEventDataStoreException", 400],
    },
    {
      does: "it is shown as what it is",
      operation: "GetEventDataStore",
      input: ({ store: arn }) => ({ EventDataStore: arn }),
      output: () => ({ Status: "PENDING_DELETION" }),
    },
    {
      does: "the store is restored",
      operation: "RestoreEventDataStore",
      input: ({ store: arn }) => ({ EventDataStore: arn }),
      output: ({ store: arn }) => ({ EventDataStoreArn: arn, Status: "ENABLED", TerminationProtectionEnabled: false }),
    },
    {
      does: "and its query's results are there again",
      operation: "GetQueryResults",
      input: ({ query }) => ({ QueryId: query }),
      output: () => ({ QueryStatistics: { TotalResultsCount: 3 } }),
    },
    {
      does: "an operation that is not the lake's is refused by name",
      operation: "ListTrails",
      input: () => ({}),
      error: ["UnsupportedOperationException", 400],
    },
  ];
}

function policyFor(channel: string, partner: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: [`arn:aws:iam::${partner}:root`] },
        Action: "cloudtrail-data:PutAuditEvents",
        Resource: channel,
        Condition: { StringEquals: { "cloudtrail:ExternalId": "walk-7" } },
      },
    ],
  });
}
