import type { Check } from "../core/check.ts";
import { isMembers } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import { oneEvent, put } from "../ingest/ingest-world.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { refused, succeeded } from "../wire/answer.ts";
import {
  ask,
  channelOf,
  done,
  isRefused,
  nameOf,
  newChannel,
  nobody,
  secondChannel,
  sources,
  storeOf,
  to,
  unmake,
  withChannel,
} from "./channels-world.ts";

/** Spec 2.3 and 4: what a channel is. */
export const channelChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/channel/create-answers-what-it-made",
    run: async (world) => {
      const { created, input } = await secondChannel(world);
      const { Name, Source, Destinations, Tags } = created;
      const wanted = { Name: input["Name"], Source: input["Source"], Location: storeOf(world) };
      const [destination] = Array.isArray(Destinations) ? (Destinations as readonly unknown[]) : [];
      const location = isMembers(destination) ? destination["Location"] : undefined;
      expects(
        Name === wanted.Name && Source === wanted.Source && location === wanted.Location && Array.isArray(Tags),
        `ChannelArn, Tags, and ${JSON.stringify(wanted)}`,
        created,
      );
    },
  },
  {
    clause: "channels/channel/get-answers-what-it-is",
    run: async (world) => {
      const { arn, created } = await secondChannel(world);
      const told = await done(world, "GetChannel", { Channel: arn });
      for (const member of ["ChannelArn", "Source", "Destinations"])
        expects(
          JSON.stringify(told[member]) === JSON.stringify(created[member]),
          `the ${member} of its creation: ${JSON.stringify(created[member])}`,
          told[member] ?? "no such member",
        );
      expects(typeof told["Name"] === "string", "a Name", told);
    },
  },
  {
    clause: "channels/channel/name-3-to-128",
    run: async (world) => {
      for (const length of [3, 4, 127, 128]) {
        const Name = nameOf(world, length);
        const told = await done(world, "UpdateChannel", { Channel: world.channelArn, Name });
        expects(told["Name"] === Name, `the name ${Name}`, told["Name"]);
      }
      for (const length of [0, 1, 2, 129]) {
        const Name = nameOf(world, length);
        await isRefused(world, "UpdateChannel", { Channel: world.channelArn, Name });
        await isRefused(world, "CreateChannel", newChannel(world, { Name, Source: "WizAuditLogs" }));
      }
    },
  },
  {
    clause: "channels/channel/name-characters",
    run: async (world) => {
      const Name = `${world.prefix}._-aZ09`;
      await done(world, "UpdateChannel", { Channel: world.channelArn, Name });
      for (const char of [" ", "/", ":", "é", "😀", "\n", "*"]) {
        const bad = `${world.prefix}${char}`;
        await isRefused(world, "UpdateChannel", { Channel: world.channelArn, Name: bad });
        await isRefused(world, "CreateChannel", newChannel(world, { Name: bad, Source: "WizAuditLogs" }));
      }
    },
  },
  {
    clause: "channels/channel/name-unique",
    run: async (world) => {
      const { Name } = await channelOf(world);
      const input = newChannel(world, { Name, Source: "WizAuditLogs" });
      await isRefused(world, "CreateChannel", input, "ChannelAlreadyExistsException", 400);
    },
  },
  {
    clause: "channels/channel/new-name-unique",
    run: async (world) => {
      const { arn } = await secondChannel(world);
      const { Name } = await channelOf(world);
      const input = { Channel: arn, Name };
      await isRefused(world, "UpdateChannel", input, "ChannelAlreadyExistsException", 400);
    },
  },
  {
    clause: "channels/channel/one-per-source",
    run: async (world) => {
      const { Source } = await channelOf(world);
      await isRefused(world, "CreateChannel", newChannel(world, { Source }));
    },
  },
  {
    clause: "channels/channel/one-per-source-names-its-refusal",
    run: async (world) => {
      const { Source } = await channelOf(world);
      await isRefused(world, "CreateChannel", newChannel(world, { Source }), "ChannelMaxLimitExceededException", 400);
    },
  },
  {
    clause: "channels/channel/several-tags-at-creation",
    run: async (world) => {
      const { arn, input } = await secondChannel(world);
      const { ResourceTagList: list } = await done(world, "ListTags", { ResourceIdList: [arn] });
      const [first] = Array.isArray(list) ? (list as readonly unknown[]) : [];
      const found = JSON.stringify(isMembers(first) ? first["TagsList"] : undefined) ?? "";
      expects(
        ["purpose", "conformance", "no-value"].every((text) => found.includes(`"${text}"`)),
        `the tags of its creation: ${JSON.stringify(input["Tags"])}`,
        found,
      );
    },
  },
  {
    clause: "channels/source/every-one-of-the-table",
    run: async (world) => {
      // Nothing is made: there is no such store. A source that is unknown is told to be.
      for (const Source of sources) {
        const answer = await ask(world, "CreateChannel", newChannel(world, { Source, Destinations: to(nobody) }));
        const known = ["EventDataStoreNotFoundException", "ChannelMaxLimitExceededException"];
        expects(
          answer.code !== undefined && known.includes(answer.code),
          `the source ${Source} is known (only the store is not: ${known.join(" or ")})`,
          `HTTP ${answer.status} ${answer.text}`,
        );
      }
    },
  },
  {
    clause: "channels/source/unknown-refused",
    run: async (world) => {
      for (const Source of ["Conformance", "Wiz", "My custom integration", "Custom "])
        await isRefused(world, "CreateChannel", newChannel(world, { Source }), "InvalidSourceException", 400);
    },
  },
  {
    clause: "channels/source/case-sensitive",
    run: async (world) => {
      for (const Source of ["custom", "CUSTOM", "wizauditlogs", "Github"])
        await isRefused(world, "CreateChannel", newChannel(world, { Source }), "InvalidSourceException", 400);
    },
  },
  {
    clause: "channels/source/obsolete-names-refused",
    run: async (world) =>
      isRefused(
        world,
        "CreateChannel",
        newChannel(world, { Source: "NordcloudKlarity" }),
        "InvalidSourceException",
        400,
      ),
  },
  {
    clause: "channels/channel/delete-ends-it",
    run: (world) =>
      withChannel(world, async (arn) => {
        await done(world, "DeleteChannel", { Channel: arn });
        await isRefused(world, "GetChannel", { Channel: arn }, "ChannelNotFoundException", 404);
        await isRefused(world, "DeleteChannel", { Channel: arn }, "ChannelNotFoundException", 404);
        refused(await put(world, oneEvent(world), { channelArn: arn }), "ChannelNotFound", 400);
      }),
  },
  {
    clause: "channels/channel/deletion-frees-name-and-source",
    run: (world) =>
      withChannel(world, async (arn) => {
        const { Name, Source } = await done(world, "GetChannel", { Channel: arn });
        await done(world, "DeleteChannel", { Channel: arn });
        const answer = await ask(world, "CreateChannel", newChannel(world, { Name, Source }));
        await unmake(world, "CreateChannel", answer);
        const { ChannelArn: again } = succeeded(answer);
        expects(again !== arn, "a new channel, with an ARN of its own", again);
      }),
  },
  {
    clause: "channels/channel/tags-and-policy-go-with-it",
    run: (world) =>
      withChannel(world, async (arn) => {
        await done(world, "AddTags", { ResourceId: arn, TagsList: [{ Key: "gone" }] });
        await done(world, "DeleteChannel", { Channel: arn });
        await isRefused(world, "ListTags", { ResourceIdList: [arn] });
        await isRefused(world, "GetResourcePolicy", { ResourceArn: arn });
      }),
  },
];
