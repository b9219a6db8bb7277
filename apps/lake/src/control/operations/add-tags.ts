import { shapes } from "@tributary/schema";
import { findTagged } from "../find-tagged.ts";
import type { StateOperation } from "../operation.ts";
import { checkTagCount, tagsOf } from "../tags.ts";

/** Spec 2.6, A.17: a key that is there gets the new value. */
export const addTags: StateOperation<shapes.AddTagsRequest> = {
  input: shapes.AddTagsRequest,
  invalid: { ResourceId: "CloudTrailARNInvalidException", TagsList: "InvalidTagParameterException" },
  decide(call) {
    const added = tagsOf(call.input.TagsList);
    const resource = findTagged(call, "cloudtrail:AddTags", call.input.ResourceId, added);
    const tags = { ...resource.tags, ...added };
    checkTagCount(tags, call.env.quotas.tagsPerResource);
    return { changes: [resource.withTags(tags)], output: {} };
  },
};
