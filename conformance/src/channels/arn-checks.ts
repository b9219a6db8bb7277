import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { refused } from "../wire/answer.ts";
import { ask, done, isRefused, newChannel, nobody, secondChannel, secondStore, storeOf, to } from "./channels-world.ts";

/** The last part of an ARN. */
const idOf = (arn: string): string => arn.slice(arn.indexOf("/") + 1);

/** Spec 2.2: how channels and stores are named in requests. */
export const arnChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/arn/channel-by-arn-or-id",
    run: async (world) => {
      for (const Channel of [world.channelArn, idOf(world.channelArn)]) {
        const told = await done(world, "GetChannel", { Channel });
        expects(told["ChannelArn"] === world.channelArn, `the channel of ${Channel}`, told);
      }
    },
  },
  {
    clause: "channels/arn/store-by-arn-or-id",
    run: async (world) => {
      for (const EventDataStore of [storeOf(world), idOf(storeOf(world))]) {
        const told = await done(world, "GetEventDataStore", { EventDataStore });
        expects(told["EventDataStoreArn"] === storeOf(world), `the store of ${EventDataStore}`, told);
      }
    },
  },
  {
    clause: "channels/arn/location-by-arn-or-id",
    run: async (world) => {
      const { arn } = await secondChannel(world);
      for (const location of [storeOf(world), idOf(storeOf(world))]) {
        await done(world, "UpdateChannel", { Channel: arn, Destinations: to(location) });
        const { Destinations: found } = await done(world, "GetChannel", { Channel: arn });
        const wanted = JSON.stringify(to(storeOf(world)));
        expects(sorted(found) === sorted(JSON.parse(wanted)), `the destination by its ARN: ${wanted}`, found);
      }
    },
  },
  {
    clause: "channels/arn/of-channels-and-stores",
    run: async (world) => {
      const { region, owner } = world.wire.subject;
      const account = owner.accountId === "" ? world.accountId : owner.accountId;
      const { ChannelArn: channel } = await done(world, "GetChannel", { Channel: idOf(world.channelArn) });
      const { EventDataStoreArn: store } = await done(world, "GetEventDataStore", {
        EventDataStore: idOf(storeOf(world)),
      });
      for (const [type, found] of [
        ["channel", channel],
        ["eventdatastore", store],
      ] as const) {
        const partition = String(found).split(":")[1];
        const start = `arn:${partition}:cloudtrail:${region}:${account}:${type}/`;
        expects(String(found).startsWith(start), `${start}...`, found);
      }
    },
  },
  {
    clause: "channels/arn/ids-are-lower-case-uuids",
    run: async (world) => {
      await done(world, "GetChannel", { Channel: world.channelArn });
      for (const arn of [world.channelArn, storeOf(world)])
        expects(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(idOf(arn)), "a lower-case UUID", arn);
    },
  },
  {
    clause: "channels/arn/unknown-channel-not-found",
    run: async (world) => {
      for (const Channel of [nobody, world.channelArn.replace(/channel\/.*/, `channel/${nobody}`)])
        for (const operation of ["GetChannel", "DeleteChannel"])
          await isRefused(world, operation, { Channel }, "ChannelNotFoundException", 404);
      await isRefused(
        world,
        "UpdateChannel",
        { Channel: nobody, Name: `${world.prefix}-none` },
        "ChannelNotFoundException",
        404,
      );
    },
  },
  {
    clause: "channels/arn/unknown-store-not-found",
    run: async (world) => {
      const verbs = ["Get", "Delete", "Restore"].map((verb) => `${verb}EventDataStore`);
      for (const operation of [...verbs, "StartEventDataStoreIngestion", "StopEventDataStoreIngestion"])
        await isRefused(world, operation, { EventDataStore: nobody }, "EventDataStoreNotFoundException", 404);
      await isRefused(
        world,
        "UpdateEventDataStore",
        { EventDataStore: nobody, RetentionPeriod: 30 },
        "EventDataStoreNotFoundException",
        404,
      );
    },
  },
  {
    clause: "channels/arn/not-a-channels-refused",
    run: async (world) => {
      for (const Channel of ["arn:aws:cloudtrail", storeOf(world), "arn:aws:s3:::bucket"])
        await isRefused(world, "GetChannel", { Channel }, "ChannelARNInvalidException", 400);
    },
  },
  {
    clause: "channels/arn/not-a-stores-refused",
    run: async (world) => {
      for (const EventDataStore of ["arn:aws:cloudtrail", world.channelArn, "arn:aws:s3:::bucket"])
        await isRefused(world, "GetEventDataStore", { EventDataStore }, "EventDataStoreARNInvalidException", 400);
      const Destinations = to(world.channelArn);
      const input = newChannel(world, { Source: "WizAuditLogs", Destinations });
      await isRefused(world, "CreateChannel", input, "EventDataStoreARNInvalidException", 400);
      const change = { Channel: world.channelArn, Destinations };
      await isRefused(world, "UpdateChannel", change, "EventDataStoreARNInvalidException", 400);
    },
  },
  {
    clause: "channels/arn/of-another-region-refused",
    run: async (world) => {
      const other = world.wire.subject.region === "eu-west-1" ? "eu-west-2" : "eu-west-1";
      const elsewhere = (arn: string) => arn.split(":").with(3, other).join(":");
      await isRefused(world, "GetChannel", { Channel: elsewhere(world.channelArn) }, [
        "ChannelARNInvalidException",
        "ChannelNotFoundException",
      ]);
      await isRefused(world, "GetEventDataStore", { EventDataStore: elsewhere(storeOf(world)) }, [
        "EventDataStoreARNInvalidException",
        "EventDataStoreNotFoundException",
      ]);
    },
  },
  {
    clause: "channels/arn/other-accounts-store-refused",
    needs: ["other-account"],
    run: async (world) => {
      const as = world.wire.subject.other!;
      // The second store: it is the run's own.
      const input = { EventDataStore: (await secondStore(world)).arn };
      const hidden = ["EventDataStoreARNInvalidException", "EventDataStoreNotFoundException"];
      refused(await ask(world, "GetEventDataStore", input, { as }), hidden);
      refused(await ask(world, "DeleteEventDataStore", input, { as }), hidden);
    },
  },
  {
    clause: "channels/arn/other-accounts-channel-refused",
    needs: ["other-account"],
    run: async (world) => {
      const as = world.wire.subject.other!;
      const hidden = ["ChannelARNInvalidException", "ChannelNotFoundException", "AccessDeniedException"];
      const input = { Channel: world.channelArn };
      refused(await ask(world, "GetChannel", input, { as }), hidden);
      refused(await ask(world, "UpdateChannel", { ...input, Name: `${world.prefix}-taken` }, { as }), hidden);
    },
  },
];

/** As text, members in one order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
