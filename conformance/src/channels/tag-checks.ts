import type { Check } from "../core/check.ts";
import { isMembers } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { refused } from "../wire/answer.ts";
import { cleared, tagged, tagsOf } from "./channel-tags.ts";
import { ask, done, isRefused, manyTags, newChannel, newStore, nobody, storeOf } from "./channels-world.ts";

const invalid = "InvalidTagParameterException";

/** Spec 2.6: tags of channels and stores. */
export const tagChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/tags/added-and-listed",
    run: (world) =>
      tagged(world, [{ Key: "team", Value: "blue" }], (tags) =>
        expects(tags.get("team") === "blue", "the tag team with blue", [...tags]),
      ),
  },
  {
    clause: "channels/tags/value-optional",
    run: (world) =>
      tagged(world, [{ Key: "alone" }], (tags) =>
        expects(tags.has("alone") && tags.get("alone") === null, "the tag alone, without a value", [...tags]),
      ),
  },
  {
    clause: "channels/tags/new-value-replaces",
    run: async (world) => {
      await done(world, "AddTags", { ResourceId: world.channelArn, TagsList: [{ Key: "team", Value: "red" }] });
      await tagged(world, [{ Key: "team", Value: "green" }], (tags) =>
        expects(tags.get("team") === "green", "the tag team with green, which came last", [...tags]),
      );
    },
  },
  {
    clause: "channels/tags/keys-are-case-sensitive",
    run: (world) =>
      tagged(
        world,
        [
          { Key: "Case", Value: "upper" },
          { Key: "case", Value: "lower" },
        ],
        (tags) =>
          expects(tags.get("Case") === "upper" && tags.get("case") === "lower", "the tags Case and case", [...tags]),
      ),
  },
  {
    clause: "channels/tags/of-channels-and-stores",
    run: async (world) => {
      const arns = [world.channelArn, storeOf(world)];
      const TagsList = [{ Key: `${world.prefix}-both` }];
      for (const ResourceId of arns) await done(world, "AddTags", { ResourceId, TagsList });
      const { ResourceTagList: list } = await done(world, "ListTags", { ResourceIdList: arns });
      for (const ResourceId of arns) await done(world, "RemoveTags", { ResourceId, TagsList });
      const found = Array.isArray(list) ? (list as readonly unknown[]).filter(isMembers) : [];
      for (const arn of arns)
        expects(
          JSON.stringify(found.find((one) => one["ResourceId"] === arn) ?? null).includes(`"${world.prefix}-both"`),
          `the tag ${world.prefix}-both of ${arn}`,
          list,
        );
    },
  },
  {
    clause: "channels/tags/50-a-resource",
    run: async (world) => {
      await cleared(world);
      await tagged(world, manyTags(49), (tags) => expects(tags.size === 49, "49 tags", tags.size));
      await tagged(world, manyTags(50), (tags) => expects(tags.size === 50, "50 tags", tags.size));
      for (const [about, before, added] of [
        ["51 tags at once", [], manyTags(51)],
        ["one tag more than 50", manyTags(50), manyTags(1, 50)],
      ] as const) {
        await done(world, "AddTags", { ResourceId: world.channelArn, TagsList: before });
        const answer = await ask(world, "AddTags", { ResourceId: world.channelArn, TagsList: added });
        const { evidence } = world.wire;
        await cleared(world);
        world.wire.recall(evidence);
        expects(answer.status !== 200, `${about} refused`, "HTTP 200");
        refused(answer, "TagsLimitExceededException", 400);
      }
    },
  },
  {
    clause: "channels/tags/50-at-creation",
    run: async (world) => {
      const input = newChannel(world, { Source: "WizAuditLogs", Tags: manyTags(51) });
      await isRefused(world, "CreateChannel", input, "TagsLimitExceededException", 400);
      await isRefused(world, "CreateEventDataStore", newStore(world, { TagsList: manyTags(51) }), undefined, 400);
    },
  },
  {
    clause: "channels/tags/same-key-twice-refused",
    run: async (world) => {
      const twice = [
        { Key: "twice", Value: "a" },
        { Key: "twice", Value: "b" },
      ];
      await isRefused(world, "AddTags", { ResourceId: world.channelArn, TagsList: twice }, invalid, 400);
      const input = newChannel(world, { Source: "WizAuditLogs", Tags: twice });
      await isRefused(world, "CreateChannel", input, invalid, 400);
      await isRefused(world, "CreateEventDataStore", newStore(world, { TagsList: twice }), invalid, 400);
    },
  },
  {
    clause: "channels/tags/reserved-keys-refused",
    run: async (world) => {
      for (const Key of ["aws:owner", "AWS:owner"])
        await isRefused(world, "AddTags", { ResourceId: world.channelArn, TagsList: [{ Key }] }, invalid, 400);
    },
  },
  {
    clause: "channels/tags/removed-by-key",
    run: async (world) => {
      const ResourceId = world.channelArn;
      await done(world, "AddTags", { ResourceId, TagsList: [{ Key: "gone", Value: "x" }, { Key: "kept" }] });
      await done(world, "RemoveTags", { ResourceId, TagsList: [{ Key: "gone" }] });
      const tags = await tagsOf(world);
      await cleared(world);
      expects(!tags.has("gone") && tags.has("kept"), "the tag kept without the tag gone", [...tags]);
    },
  },
  {
    clause: "channels/tags/removed-whatever-the-value",
    run: async (world) => {
      const ResourceId = world.channelArn;
      await done(world, "AddTags", { ResourceId, TagsList: [{ Key: "valued", Value: "x" }] });
      await done(world, "RemoveTags", { ResourceId, TagsList: [{ Key: "valued", Value: "another" }] });
      const tags = await tagsOf(world);
      expects(!tags.has("valued"), "no tag valued", [...tags]);
    },
  },
  {
    clause: "channels/tags/removing-what-is-not-there",
    run: async (world) => {
      await done(world, "RemoveTags", { ResourceId: world.channelArn, TagsList: [{ Key: "never-there" }] });
    },
  },
  {
    clause: "channels/tags/20-resources-a-list",
    run: async (world) => {
      const arns = (count: number) => Array.from({ length: count }, () => world.channelArn);
      await isRefused(world, "ListTags", { ResourceIdList: arns(21) }, undefined, 400);
    },
  },
  {
    clause: "channels/tags/20-resources-a-list-accepted",
    run: async (world) => {
      const ResourceIdList = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? world.channelArn : storeOf(world)));
      await done(world, "ListTags", { ResourceIdList });
      const more = { ResourceIdList: [...ResourceIdList, world.channelArn] };
      await isRefused(world, "ListTags", more, "InvalidParameterException", 400);
    },
  },
  {
    clause: "channels/tags/not-an-arn-refused",
    run: async (world) => {
      const id = world.channelArn.split("/").at(-1)!;
      for (const ResourceId of [id, "not an arn", "arn:aws"]) {
        const error = "CloudTrailARNInvalidException";
        for (const operation of ["AddTags", "RemoveTags"])
          await isRefused(world, operation, { ResourceId, TagsList: [{ Key: "a" }] }, error, 400);
        await isRefused(world, "ListTags", { ResourceIdList: [ResourceId] }, error, 400);
      }
    },
  },
  {
    clause: "channels/tags/unknown-channel-refused",
    run: async (world) => {
      const ResourceId = world.channelArn.replace(/channel\/.*/, `channel/${nobody}`);
      for (const operation of ["AddTags", "RemoveTags"]) {
        const input = { ResourceId, TagsList: [{ Key: "a" }] };
        await isRefused(world, operation, input, "ChannelNotFoundException", 404);
      }
    },
  },
  {
    clause: "channels/tags/unknown-store-refused",
    run: async (world) => {
      const ResourceId = storeOf(world).replace(/eventdatastore\/.*/, `eventdatastore/${nobody}`);
      for (const operation of ["AddTags", "RemoveTags"]) {
        const input = { ResourceId, TagsList: [{ Key: "a" }] };
        await isRefused(world, operation, input, "EventDataStoreNotFoundException", 404);
      }
      await isRefused(world, "ListTags", { ResourceIdList: [ResourceId] }, "EventDataStoreNotFoundException", 404);
    },
  },
  {
    clause: "channels/tags/other-resources-refused",
    run: async (world) => {
      const ResourceId = world.channelArn.replace(/channel\/.*/, "dashboard/conformance");
      const errors = ["ResourceTypeNotSupportedException", "ResourceNotFoundException"];
      for (const operation of ["AddTags", "RemoveTags"])
        await isRefused(world, operation, { ResourceId, TagsList: [{ Key: "a" }] }, errors, 400);
      await isRefused(world, "ListTags", { ResourceIdList: [ResourceId] }, errors, 400);
    },
  },
  {
    clause: "channels/tags/other-accounts-refused",
    needs: ["other-account"],
    run: async (world) => {
      const as = world.wire.subject.other!;
      const input = { ResourceId: world.channelArn, TagsList: [{ Key: "a" }] };
      refused(await ask(world, "AddTags", input, { as }));
      refused(await ask(world, "ListTags", { ResourceIdList: [world.channelArn] }, { as }));
    },
  },
];
