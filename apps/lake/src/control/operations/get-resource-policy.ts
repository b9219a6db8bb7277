import { shapes } from "@tributary/schema";
import { controlError } from "../control-error.ts";
import { findPolicyResource } from "../find-policy-resource.ts";
import type { StateOperation } from "../operation.ts";

/** Spec 2.5, A.15. */
export const getResourcePolicy: StateOperation<shapes.GetResourcePolicyRequest> = {
  input: shapes.GetResourcePolicyRequest,
  invalid: { ResourceArn: "ResourceARNNotValidException" },
  decide(call) {
    const { arn, kind } = findPolicyResource(call, "cloudtrail:GetResourcePolicy", call.input.ResourceArn);
    const text = call.view.state.policies.get(arn);
    if (text === undefined)
      throw controlError("ResourcePolicyNotFoundException", `The ${kind} ${arn} has no resource policy.`);
    return { changes: [], output: { ResourceArn: arn, ResourcePolicy: text } };
  },
};
