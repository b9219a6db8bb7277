import { limits, shapes } from "@tributary/schema";
import { controlError } from "../control-error.ts";
import { findTagged } from "../find-tagged.ts";
import type { StateOperation } from "../operation.ts";
import { tagsList } from "../tags.ts";

/** Spec 2.6, A.19. NextToken is reserved: one page holds all. */
export const listTags: StateOperation<shapes.ListTagsRequest> = {
  input: shapes.ListTagsRequest,
  decide(call) {
    const { ResourceIdList, NextToken } = call.input;
    if (NextToken) throw controlError("InvalidTokenException", "NextToken is reserved: leave it out.");
    if (ResourceIdList.length > limits.tags.resourcesPerList)
      throw controlError(
        "InvalidParameterException",
        `ResourceIdList can have at most ${limits.tags.resourcesPerList} ARNs.`,
      );
    const ResourceTagList = ResourceIdList.map((arn) => ({
      ResourceId: arn,
      TagsList: tagsList(findTagged(call, "cloudtrail:ListTags", arn).tags),
    }));
    return { changes: [], output: { ResourceTagList } };
  },
};
