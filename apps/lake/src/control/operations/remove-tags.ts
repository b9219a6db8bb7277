import { shapes } from "@tributary/schema";
import { findTagged } from "../find-tagged.ts";
import type { StateOperation } from "../operation.ts";
import { tagsOf } from "../tags.ts";

/** Spec 2.6, A.18: by key; a key that is not there is no error. */
export const removeTags: StateOperation<shapes.RemoveTagsRequest> = {
  input: shapes.RemoveTagsRequest,
  invalid: { ResourceId: "CloudTrailARNInvalidException", TagsList: "InvalidTagParameterException" },
  decide(call) {
    const removed = tagsOf(call.input.TagsList);
    const resource = findTagged(call, "cloudtrail:RemoveTags", call.input.ResourceId, removed);
    const tags = Object.fromEntries(Object.entries(resource.tags).filter(([key]) => !Object.hasOwn(removed, key)));
    return { changes: [resource.withTags(tags)], output: {} };
  },
};
