import { codePoints } from "@tributary/schema";
import type { Tags } from "../catalog/control-catalog.ts";
import { controlError } from "./control-error.ts";

/** A tag as the control plane spells it. */
export interface TagInput {
  readonly Key: string;
  readonly Value?: string | null | undefined;
}

/** The tags of a request. Throws InvalidTagParameterException for a key given twice or with the prefix `aws:`. Spec 2.6. */
export function tagsOf(list: readonly TagInput[] | null | undefined): Tags {
  const tags = new Map<string, string | null>();
  for (const { Key, Value } of list ?? []) {
    if (tags.has(Key)) throw controlError("InvalidTagParameterException", "Each tag key may be given once.");
    if (/^aws:/i.test(Key))
      throw controlError("InvalidTagParameterException", "Tag keys that begin with aws: are reserved.");
    if (codePoints(Key) === 0) throw controlError("InvalidTagParameterException", "A tag key may not be empty.");
    tags.set(Key, Value ?? null);
  }
  return Object.fromEntries(tags);
}

/** Throws TagsLimitExceededException for more tags than a resource may have. */
export function checkTagCount(tags: Tags, limit: number): void {
  if (Object.keys(tags).length > limit)
    throw controlError("TagsLimitExceededException", `A resource can have at most ${limit} tags.`);
}

/** Tags as the control plane returns them. */
export function tagsList(tags: Tags): TagInput[] {
  return Object.entries(tags).map(([Key, Value]) => (Value === null ? { Key } : { Key, Value }));
}
