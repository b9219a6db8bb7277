import type { Check } from "../core/check.ts";
import { expects, shown } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { cleared, tagged } from "./channel-tags.ts";
import { done, isRefused, manyTags, newChannel, newStore } from "./channels-world.ts";

/** Spec A.26: how long keys and values of tags are. */
export const tagLengthChecks: readonly Check<ServerWorld>[] = [
  ...lengths("key", 128, (text) => ({ Key: text })),
  {
    clause: "channels/tags/200-in-a-list",
    run: async (world) => {
      // A channel has 50 at most: only of those that are removed may there be more.
      for (const count of [199, 200])
        await done(world, "RemoveTags", { ResourceId: world.channelArn, TagsList: manyTags(count) });
      const TagsList = manyTags(201);
      for (const operation of ["RemoveTags", "AddTags"])
        await isRefused(world, operation, { ResourceId: world.channelArn, TagsList });
      await isRefused(world, "CreateChannel", newChannel(world, { Tags: TagsList }));
      await isRefused(world, "CreateEventDataStore", newStore(world, { TagsList }));
    },
  },
  ...lengths("value", 256, (text) => ({ Key: "length", Value: text })),
];

/** Lengths of a tag's part, in code points. */
function lengths(part: string, most: number, tag: (text: string) => object): readonly Check<ServerWorld>[] {
  return [
    {
      clause: `channels/tags/${part}-1-to-${most}`,
      run: async (world) => {
        await cleared(world);
        for (const length of [1, 2, most - 1, most])
          await tagged(world, [tag("k".repeat(length))], (tags) =>
            expects(tags.size === 1, `a ${part} of ${length}`, [...tags]),
          );
        for (const length of [0, most + 1]) {
          const TagsList = [tag("k".repeat(length))];
          await isRefused(world, "AddTags", { ResourceId: world.channelArn, TagsList });
          await isRefused(world, "RemoveTags", { ResourceId: world.channelArn, TagsList });
          await isRefused(world, "CreateChannel", newChannel(world, { Tags: TagsList }));
          await isRefused(world, "CreateEventDataStore", newStore(world, { TagsList }));
        }
      },
    },
    {
      clause: `channels/tags/${part}-counts-code-points`,
      run: async (world) => {
        await cleared(world);
        for (const char of ["é", "漢", "😀"]) {
          const text = char.repeat(most);
          await tagged(world, [tag(text)], (tags) =>
            expects([...tags].flat().includes(text), `a ${part} of ${most} times ${char}`, shown([...tags])),
          );
          const TagsList = [tag(char.repeat(most + 1))];
          await isRefused(world, "AddTags", { ResourceId: world.channelArn, TagsList });
        }
      },
    },
  ];
}
