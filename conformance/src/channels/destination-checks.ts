import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { refused } from "../wire/answer.ts";
import {
  ask,
  done,
  isRefused,
  newChannel,
  nobody,
  secondChannel,
  secondStore,
  storeOf,
  to,
  whileDeleted,
  withChannel,
} from "./channels-world.ts";

const create = (world: ServerWorld, Destinations: unknown) =>
  newChannel(world, { Source: "WizAuditLogs", Destinations });

/** So many stores that are not there. */
const stores = (count: number) =>
  to(...Array.from({ length: count }, (_, n) => `${nobody.slice(0, -4)}${String(n).padStart(4, "0")}`));

/** Spec 2.3: where a channel delivers, and how that changes. */
export const destinationChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/destination/at-least-one",
    run: async (world) => {
      await isRefused(world, "CreateChannel", create(world, []));
      await withChannel(world, (Channel) => isRefused(world, "UpdateChannel", { Channel, Destinations: [] }));
    },
  },
  {
    clause: "channels/destination/to-200",
    run: async (world) => {
      const { arn: Channel } = await secondChannel(world);
      for (const count of [199, 200])
        await isRefused(
          world,
          "UpdateChannel",
          { Channel, Destinations: stores(count) },
          "EventDataStoreNotFoundException",
          404,
        );
      await isRefused(world, "UpdateChannel", { Channel, Destinations: stores(201) }, "InvalidParameterException", 400);
    },
  },
  {
    clause: "channels/destination/location-3-to-1024",
    run: async (world) => {
      const looked = ["EventDataStoreNotFoundException", "EventDataStoreARNInvalidException"];
      for (const [location, codes] of [
        ...[3, 4, 1023, 1024].map((length) => ["a".repeat(length), looked] as const),
        ...["", "ab", "a".repeat(1025), "no location", "é".repeat(36)].map(
          (text) => [text, ["InvalidParameterException"]] as const,
        ),
      ]) {
        await isRefused(world, "CreateChannel", create(world, to(location)), codes);
        await isRefused(world, "UpdateChannel", { Channel: world.channelArn, Destinations: to(location) }, codes);
      }
    },
  },
  {
    clause: "channels/destination/unknown-store-refused",
    run: async (world) => {
      const arn = storeOf(world).replace(/eventdatastore\/.*/, `eventdatastore/${nobody}`);
      for (const location of [nobody, arn]) {
        const Destinations = to(location);
        await isRefused(world, "CreateChannel", create(world, Destinations), "EventDataStoreNotFoundException", 404);
        const input = { Channel: world.channelArn, Destinations };
        await isRefused(world, "UpdateChannel", input, "EventDataStoreNotFoundException", 404);
      }
    },
  },
  {
    clause: "channels/destination/other-accounts-store-refused",
    needs: ["other-account"],
    run: async (world) => {
      const as = world.wire.subject.other!;
      const answer = await ask(world, "CreateChannel", create(world, to(storeOf(world))), { as });
      refused(answer, ["EventDataStoreARNInvalidException", "EventDataStoreNotFoundException"]);
    },
  },
  {
    clause: "channels/destination/services-refused",
    run: async (world) => {
      const Destinations = [{ Type: "AWS_SERVICE", Location: "example" }];
      await isRefused(world, "CreateChannel", create(world, Destinations), "InvalidParameterException", 400);
    },
  },
  {
    clause: "channels/destination/twice-refused",
    run: async (world) => {
      const Destinations = to(storeOf(world), storeOf(world));
      await isRefused(world, "CreateChannel", create(world, Destinations), "InvalidParameterException", 400);
      await isRefused(
        world,
        "UpdateChannel",
        { Channel: world.channelArn, Destinations },
        "InvalidParameterException",
        400,
      );
    },
  },
  {
    clause: "channels/destination/deleted-store-refused",
    run: async (world) =>
      whileDeleted(world, async (arn) => {
        const Destinations = to(arn);
        const error = "InactiveEventDataStoreException";
        await isRefused(world, "CreateChannel", create(world, Destinations), error, 400);
        await isRefused(world, "UpdateChannel", { Channel: world.channelArn, Destinations }, error, 400);
      }),
  },
  {
    clause: "channels/destination/other-categories-refused",
    needs: ["management-store"],
    run: async (world) => {
      const Destinations = to(String(world.managementStoreArn));
      const error = "InvalidEventDataStoreCategoryException";
      await isRefused(world, "CreateChannel", create(world, Destinations), error, 400);
      await isRefused(world, "UpdateChannel", { Channel: world.channelArn, Destinations }, error, 400);
    },
  },
  {
    clause: "channels/destination/update-replaces-the-list",
    run: async (world) =>
      withChannel(world, async (Channel) => {
        const { arn: second } = await secondStore(world);
        const both = to(storeOf(world), second);
        for (const Destinations of [both, to(second), to(storeOf(world))]) {
          await done(world, "UpdateChannel", { Channel, Destinations });
          const told = await done(world, "GetChannel", { Channel });
          const found = locations(told["Destinations"]);
          const wanted = locations(Destinations);
          expects(
            String(found.toSorted()) === String(wanted.toSorted()),
            `the destinations ${wanted.join(", ")}`,
            found,
          );
        }
      }),
  },
  {
    clause: "channels/channel/update-needs-something",
    run: async (world) => isRefused(world, "UpdateChannel", { Channel: world.channelArn }, undefined, 400),
  },
  {
    clause: "channels/channel/update-answers-what-it-is",
    run: async (world) => {
      const { arn } = await secondChannel(world);
      const Name = `${world.prefix}-renamed`;
      const told = await done(world, "UpdateChannel", { Channel: arn, Name });
      const now = await done(world, "GetChannel", { Channel: arn });
      for (const member of ["ChannelArn", "Name", "Source", "Destinations"])
        expects(
          told[member] !== undefined && JSON.stringify(told[member]) === JSON.stringify(now[member]),
          `the ${member} that GetChannel tells: ${JSON.stringify(now[member])}`,
          told[member] ?? "no such member",
        );
      expects(now["Name"] === Name, `the new name ${Name}`, now["Name"]);
    },
  },
  {
    clause: "channels/channel/source-stays",
    run: async (world) => {
      const { arn, created } = await secondChannel(world);
      await ask(world, "UpdateChannel", { Channel: arn, Name: `${world.prefix}-same`, Source: "Custom" });
      const { Source } = await done(world, "GetChannel", { Channel: arn });
      expects(Source === created["Source"], `the source ${String(created["Source"])}`, Source);
    },
  },
  {
    clause: "channels/channel/refused-update-changes-nothing",
    run: async (world) => {
      const { arn } = await secondChannel(world);
      const before = await done(world, "GetChannel", { Channel: arn });
      const Name = `${world.prefix}-never`;
      await isRefused(world, "UpdateChannel", { Channel: arn, Name, Destinations: to(nobody) });
      const after = await done(world, "GetChannel", { Channel: arn });
      expects(after["Name"] === before["Name"], `the name ${String(before["Name"])}`, after["Name"]);
    },
  },
];

function locations(destinations: unknown): readonly string[] {
  return Array.isArray(destinations)
    ? (destinations as readonly { readonly Location?: unknown }[]).map(({ Location }) => String(Location))
    : [];
}
