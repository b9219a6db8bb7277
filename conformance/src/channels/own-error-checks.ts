import type { Check } from "../core/check.ts";
import type { Members } from "../core/members.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { isRefused, newChannel, newStore, secondStore } from "./channels-world.ts";

/** Spec 2.1: which error a broken constraint of a shape is. */
export const ownErrorChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/member/own-error-where-one-fits",
    run: async (world) => {
      for (const [operation, input, error] of ownErrors(world, (await secondStore(world)).arn))
        await isRefused(world, operation, input, error, 400);
    },
  },
];

/** What breaks a constraint of its shape, where its operation has an error for it; spec 2.1 says InvalidParameterException elsewhere. */
function ownErrors(
  world: ServerWorld,
  storeArn: string,
): readonly (readonly [operation: string, input: Members, error: string])[] {
  const long = "a".repeat(257);
  const channel = { Channel: world.channelArn };
  const store = { EventDataStore: storeArn };
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
    [
      "UpdateEventDataStore",
      { ...store, AdvancedEventSelectors: [{ FieldSelectors: [] }] },
      "InvalidEventSelectorsException",
    ],
    ["UpdateChannel", channel, invalid],
  ];
}
