import { isMembers } from "../core/members.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { ask, done } from "./channels-world.ts";

/** Adds tags to the world's channel, looks at what it has then, and takes them off. */
export async function tagged(
  world: ServerWorld,
  TagsList: readonly object[],
  look: (tags: ReadonlyMap<string, string | null>) => void,
): Promise<void> {
  await done(world, "AddTags", { ResourceId: world.channelArn, TagsList });
  const tags = await tagsOf(world);
  const { evidence } = world.wire;
  await ask(world, "RemoveTags", { ResourceId: world.channelArn, TagsList });
  world.wire.recall(evidence);
  look(tags);
}

/** The channel without tags. */
export async function cleared(world: ServerWorld): Promise<void> {
  const TagsList = [...(await tagsOf(world)).keys()].map((Key) => ({ Key }));
  if (TagsList.length > 0) await done(world, "RemoveTags", { ResourceId: world.channelArn, TagsList });
}

/** The tags of the world's channel. */
export async function tagsOf(world: ServerWorld): Promise<ReadonlyMap<string, string | null>> {
  const { ResourceTagList: list } = await done(world, "ListTags", { ResourceIdList: [world.channelArn] });
  const [first] = Array.isArray(list) ? (list as readonly unknown[]) : [];
  const tags = isMembers(first) ? first["TagsList"] : undefined;
  return new Map(
    (Array.isArray(tags) ? (tags as readonly unknown[]) : [])
      .filter(isMembers)
      .map(({ Key, Value }) => [String(Key), typeof Value === "string" ? Value : null]),
  );
}
