import { type ChannelPolicy, PolicyInvalid, parseChannelPolicy } from "@tributary/policy";
import { shapes } from "@tributary/schema";
import { controlError } from "../control-error.ts";
import { findPolicyResource } from "../find-policy-resource.ts";
import type { StateOperation } from "../operation.ts";

/** Spec 2.5, A.14: creates or replaces. The text is kept and returned byte for byte. */
export const putResourcePolicy: StateOperation<shapes.PutResourcePolicyRequest> = {
  input: shapes.PutResourcePolicyRequest,
  invalid: { ResourceArn: "ResourceARNNotValidException", ResourcePolicy: "ResourcePolicyNotValidException" },
  decide(call) {
    const { ResourceArn, ResourcePolicy } = call.input;
    findPolicyResource(call, "cloudtrail:PutResourcePolicy", ResourceArn);
    let policy: ChannelPolicy;
    try {
      policy = parseChannelPolicy(ResourcePolicy, ResourceArn);
    } catch (error) {
      if (error instanceof PolicyInvalid) throw controlError("ResourcePolicyNotValidException", error.message, error);
      throw error;
    }
    return {
      changes: [{ kind: "putPolicy", resourceArn: ResourceArn, text: ResourcePolicy }],
      output: { ResourceArn, ResourcePolicy },
      warnings: policy.warnings.map((warning) => `The policy of ${ResourceArn}: ${warning}`),
    };
  },
};
