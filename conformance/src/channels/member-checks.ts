import type { Check } from "../core/check.ts";
import { isMembers, type Members } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { refused } from "../wire/answer.ts";
import { ask, isRefused, nameOf, newChannel, newStore, nobody, secondChannel, storeOf } from "./channels-world.ts";

/** Spec A.1 to A.19 and A.25: members that must be there, and values of their shapes. */
export const memberChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/member/required",
    run: async (world) => {
      for (const [operation, whole, path] of required(world)) {
        const answer = await ask(world, operation, without(whole, path));
        expects(
          answer.status >= 400 && answer.status < 500,
          `${operation} without ${path.join(".")} is refused (HTTP 4xx)`,
          `HTTP ${answer.status} ${answer.text}`,
        );
      }
    },
  },
  {
    clause: "channels/member/billing-mode-is-one-of-two",
    run: async (world) => {
      for (const BillingMode of ["FREE", "fixed_retention_pricing", ""])
        await isRefused(world, "CreateEventDataStore", newStore(world, { BillingMode }));
    },
  },
  {
    clause: "channels/member/destination-type-is-one-of-two",
    run: async (world) => {
      for (const Type of ["S3_BUCKET", "event_data_store", ""]) {
        const Destinations = [{ Type, Location: storeOf(world) }];
        await isRefused(world, "CreateChannel", newChannel(world, { Source: "WizAuditLogs", Destinations }));
      }
    },
  },
  {
    clause: "channels/member/arn-3-to-256",
    run: async (world) => {
      const { created } = await secondChannel(world);
      expects(typeof created["ChannelArn"] === "string", "a channel", created);
      for (const [operation, member, error] of [
        ["GetChannel", "Channel", "ChannelNotFoundException"],
        ["GetEventDataStore", "EventDataStore", "EventDataStoreNotFoundException"],
      ] as const) {
        // None of them exists: what fits its shape is looked for, and not found.
        for (const length of [3, 4, 255, 256])
          refused(await ask(world, operation, { [member]: "a".repeat(length) }), error, 404);
        for (const length of [0, 1, 2, 257]) {
          const answer = await ask(world, operation, { [member]: "a".repeat(length) });
          refused(answer, undefined, 400);
        }
      }
    },
  },
  {
    clause: "channels/member/arn-characters",
    run: async (world) => {
      for (const text of ["not an id", "id?", "id*", "idé", "id\n"]) {
        refused(await ask(world, "GetChannel", { Channel: text }), undefined, 400);
        refused(await ask(world, "GetEventDataStore", { EventDataStore: text }), undefined, 400);
      }
    },
  },
  {
    clause: "channels/member/own-error-where-one-fits",
    run: async (world) => {
      for (const [operation, input, error] of ownErrors(world)) await isRefused(world, operation, input, error, 400);
    },
  },
];

type Path = readonly [string, ...(string | number)[]];

/** Requests that do nothing but add no tag, or fail, if their last part were not demanded. */
function required(world: ServerWorld): readonly (readonly [operation: string, whole: Members, path: Path])[] {
  const channel = newChannel(world, { Source: "WizAuditLogs", Tags: [{ Key: "a" }] });
  const store = newStore(world, { TagsList: [{ Key: "a" }] });
  const tags = { ResourceId: world.channelArn, TagsList: [{ Key: "a" }] };
  return [
    ["CreateChannel", channel, ["Name"]],
    ["CreateChannel", channel, ["Source"]],
    ["CreateChannel", channel, ["Destinations"]],
    ["CreateChannel", channel, ["Destinations", 0, "Type"]],
    ["CreateChannel", channel, ["Destinations", 0, "Location"]],
    ["CreateChannel", channel, ["Tags", 0, "Key"]],
    ["CreateEventDataStore", store, ["Name"]],
    ["CreateEventDataStore", store, ["AdvancedEventSelectors", 0, "FieldSelectors"]],
    ["CreateEventDataStore", store, ["AdvancedEventSelectors", 0, "FieldSelectors", 0, "Field"]],
    ["CreateEventDataStore", store, ["TagsList", 0, "Key"]],
    ["AddTags", tags, ["ResourceId"]],
    ["AddTags", tags, ["TagsList"]],
    ["AddTags", tags, ["TagsList", 0, "Key"]],
    ["RemoveTags", tags, ["ResourceId"]],
    ["RemoveTags", tags, ["TagsList"]],
    ["ListTags", { ResourceIdList: [world.channelArn] }, ["ResourceIdList"]],
    ["GetChannel", { Channel: nobody }, ["Channel"]],
    ["UpdateChannel", { Channel: nobody, Name: nameOf(world, 20) }, ["Channel"]],
    ["DeleteChannel", { Channel: nobody }, ["Channel"]],
    ...["Get", "Update", "Delete", "Restore", "Start", "Stop"].map(
      (verb) =>
        [
          `${verb}EventDataStore${verb.startsWith("St") ? "Ingestion" : ""}`,
          { EventDataStore: nobody, ...(verb === "Update" && { Name: nameOf(world, 20) }) },
          ["EventDataStore"],
        ] as const,
    ),
  ];
}

/** A copy without what the path names. */
function without(whole: Members, path: Path): Members {
  const copy: Members = structuredClone(whole);
  let place: unknown = copy;
  for (const key of path.slice(0, -1))
    place = isMembers(place) ? place[key] : Array.isArray(place) ? (place as readonly unknown[])[Number(key)] : place;
  if (isMembers(place)) Reflect.deleteProperty(place, path.at(-1)!);
  return copy;
}

/** What breaks a constraint of its shape, where its operation has an error for it; spec 2.1 says InvalidParameterException elsewhere. */
function ownErrors(world: ServerWorld): readonly (readonly [operation: string, input: Members, error: string])[] {
  const long = "a".repeat(257);
  const channel = { Channel: world.channelArn };
  const store = { EventDataStore: storeOf(world) };
  const tags = (TagsList: readonly object[]) => ({ ResourceId: world.channelArn, TagsList });
  const invalid = "InvalidParameterException";
  return [
    ["CreateChannel", newChannel(world, { Name: "ab" }), invalid],
    ["CreateChannel", newChannel(world, { Source: "" }), "InvalidSourceException"],
    ["CreateChannel", newChannel(world, { Source: long }), "InvalidSourceException"],
    ["CreateChannel", newChannel(world, { Source: "Custom", Destinations: [] }), invalid],
    ["CreateChannel", newChannel(world, { Tags: [{ Key: "" }] }), "InvalidTagParameterException"],
    ["GetChannel", { Channel: "ab" }, "ChannelARNInvalidException"],
    ["UpdateChannel", { Channel: long }, "ChannelARNInvalidException"],
    ["DeleteChannel", { Channel: "no channel" }, "ChannelARNInvalidException"],
    ["UpdateChannel", { ...channel, Name: "a b" }, invalid],
    ["ListChannels", { MaxResults: 0 }, invalid],
    ["ListChannels", { NextToken: "abc" }, "InvalidNextTokenException"],
    ["CreateEventDataStore", newStore(world, { Name: "ab" }), invalid],
    ["CreateEventDataStore", newStore(world, { RetentionPeriod: 6 }), invalid],
    ["CreateEventDataStore", newStore(world, { BillingMode: "FREE" }), invalid],
    ["CreateEventDataStore", newStore(world, { KmsKeyId: "" }), "InvalidKmsKeyIdException"],
    ["CreateEventDataStore", newStore(world, { TagsList: [{ Key: "" }] }), "InvalidTagParameterException"],
    [
      "CreateEventDataStore",
      newStore(world, { AdvancedEventSelectors: [{ FieldSelectors: [] }] }),
      "InvalidEventSelectorsException",
    ],
    ["GetEventDataStore", { EventDataStore: "ab" }, "EventDataStoreARNInvalidException"],
    ["UpdateEventDataStore", { EventDataStore: long }, "EventDataStoreARNInvalidException"],
    ["DeleteEventDataStore", { EventDataStore: "ab" }, "EventDataStoreARNInvalidException"],
    ["RestoreEventDataStore", { EventDataStore: "ab" }, "EventDataStoreARNInvalidException"],
    ["StartEventDataStoreIngestion", { EventDataStore: "ab" }, "EventDataStoreARNInvalidException"],
    ["StopEventDataStoreIngestion", { EventDataStore: "ab" }, "EventDataStoreARNInvalidException"],
    ["UpdateEventDataStore", { ...store, RetentionPeriod: 3654 }, invalid],
    ["ListEventDataStores", { MaxResults: 1001 }, "InvalidMaxResultsException"],
    ["ListEventDataStores", { NextToken: "abc" }, "InvalidNextTokenException"],
    ["AddTags", tags([{ Key: "a".repeat(129) }]), "InvalidTagParameterException"],
    ["AddTags", tags([{ Key: "a", Value: "" }]), "InvalidTagParameterException"],
    ["RemoveTags", tags([{ Key: "" }]), "InvalidTagParameterException"],
    ["UpdateEventDataStore", store, invalid],
    ["UpdateChannel", channel, invalid],
  ];
}
