import type { Check } from "../core/check.ts";
import { isMembers, type Members } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import { activitySelectors, type ServerWorld } from "../server/server-world.ts";
import { refused } from "../wire/answer.ts";
import {
  ask,
  isRefused,
  nameOf,
  newChannel,
  newStore,
  nobody,
  secondStore,
  storeOf,
  to,
  unmake,
} from "./channels-world.ts";

/** Spec A.1 to A.19 and A.25: members that must be there, and values of their shapes. */
export const memberChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/member/required",
    run: async (world) => {
      const { arn: store } = await secondStore(world);
      for (const [operation, whole, path] of required(world, store)) {
        const answer = await ask(world, operation, without(whole, path));
        await unmake(world, operation, answer);
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
      const { arn: EventDataStore } = await secondStore(world);
      for (const BillingMode of ["FREE", "fixed_retention_pricing", ""]) {
        await isRefused(world, "CreateEventDataStore", newStore(world, { BillingMode }));
        await isRefused(world, "UpdateEventDataStore", { EventDataStore, BillingMode });
      }
    },
  },
  {
    clause: "channels/member/destination-type-is-one-of-two",
    run: async (world) => {
      for (const Type of ["S3_BUCKET", "event_data_store", ""]) {
        const Destinations = [{ Type, Location: storeOf(world) }];
        await isRefused(world, "CreateChannel", newChannel(world, { Destinations }));
        await isRefused(world, "UpdateChannel", { Channel: world.channelArn, Destinations });
      }
    },
  },
  {
    clause: "channels/member/arn-3-to-256",
    run: async (world) => {
      for (const [operation, member, more] of named(world)) {
        const error = member === "Channel" ? "ChannelNotFoundException" : "EventDataStoreNotFoundException";
        const of = (length: number) => ask(world, operation, { ...more, [member]: "a".repeat(length) });
        // None of them exists: what fits its shape is looked for, and not found.
        for (const length of [3, 4, 255, 256]) refused(await of(length), error, 404);
        for (const length of [0, 1, 2, 257]) refused(await of(length), undefined, 400);
      }
    },
  },
  {
    clause: "channels/member/arn-characters",
    run: async (world) => {
      for (const [operation, member, more] of named(world))
        for (const text of ["not an id", "id?", "id*", "idé", "id\n"])
          await isRefused(world, operation, { ...more, [member]: text }, undefined, 400);
    },
  },
  {
    clause: "channels/member/resource-arn-3-to-256",
    run: async (world) => {
      for (const operation of ["PutResourcePolicy", "GetResourcePolicy", "DeleteResourcePolicy"]) {
        const more = operation === "PutResourcePolicy" ? { ResourcePolicy: "{}" } : {};
        const id = world.channelArn.slice(world.channelArn.indexOf("/") + 1);
        for (const ResourceArn of ["", "ab", id, "a".repeat(256), "a".repeat(257), "not an arn", "arn:aws:x:é"])
          await isRefused(world, operation, { ...more, ResourceArn }, "ResourceARNNotValidException", 400);
        const elsewhere = world.channelArn.replace(/channel\/.*/, `channel/${nobody}`);
        const unknown = await ask(world, operation, { ...more, ResourceArn: elsewhere });
        refused(unknown, ["ResourceARNNotValidException", "ResourceNotFoundException"], 400);
        const trail = world.channelArn.replace(/channel\/.*/, "trail/some-trail");
        await isRefused(world, operation, { ...more, ResourceArn: trail }, "ResourceTypeNotSupportedException", 400);
      }
    },
  },
];

/** Operations that name a channel or a store, with what they need besides. */
const named = (world: ServerWorld): readonly (readonly [operation: string, member: string, more: Members])[] => [
  ["GetChannel", "Channel", {}],
  ["UpdateChannel", "Channel", { Name: nameOf(world, 20) }],
  ["DeleteChannel", "Channel", {}],
  ...["Get", "Delete", "Restore", "Start", "Stop"].map(
    (verb) => [`${verb}EventDataStore${verb.startsWith("St") ? "Ingestion" : ""}`, "EventDataStore", {}] as const,
  ),
  ["UpdateEventDataStore", "EventDataStore", { Name: nameOf(world, 20) }],
];

type Path = readonly [string, ...(string | number)[]];

/** Requests that do nothing but add no tag, or fail, if their last part were not demanded. */
function required(
  world: ServerWorld,
  storeArn: string,
): readonly (readonly [operation: string, whole: Members, path: Path])[] {
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
    ["RemoveTags", tags, ["TagsList", 0, "Key"]],
    ["UpdateChannel", { Channel: world.channelArn, Destinations: to(storeOf(world)) }, ["Destinations", 0, "Type"]],
    ["UpdateChannel", { Channel: world.channelArn, Destinations: to(storeOf(world)) }, ["Destinations", 0, "Location"]],
    ["UpdateEventDataStore", selected(storeArn), ["AdvancedEventSelectors", 0, "FieldSelectors"]],
    ["UpdateEventDataStore", selected(storeArn), ["AdvancedEventSelectors", 0, "FieldSelectors", 0, "Field"]],
    ["PutResourcePolicy", { ResourceArn: world.channelArn, ResourcePolicy: "{}" }, ["ResourceArn"]],
    ["PutResourcePolicy", { ResourceArn: world.channelArn, ResourcePolicy: "{}" }, ["ResourcePolicy"]],
    ["GetResourcePolicy", { ResourceArn: world.channelArn }, ["ResourceArn"]],
    ["DeleteResourcePolicy", { ResourceArn: world.channelArn }, ["ResourceArn"]],
    ...named(world).map(([operation, member, more]) => [operation, { ...more, [member]: nobody }, [member]] as const),
  ];
}

/** An update that gives the store the selectors that it has. */
const selected = (EventDataStore: string): Members => ({
  EventDataStore,
  AdvancedEventSelectors: activitySelectors,
});

/** A copy without what the path names. */
function without(whole: Members, path: Path): Members {
  const copy: Members = structuredClone(whole);
  let place: unknown = copy;
  for (const key of path.slice(0, -1))
    place = isMembers(place) ? place[key] : Array.isArray(place) ? (place as readonly unknown[])[Number(key)] : place;
  if (isMembers(place)) Reflect.deleteProperty(place, path.at(-1)!);
  return copy;
}
