import { shapes } from "@tributary/schema";
import { controlError } from "../control-error.ts";
import { findPolicyResource } from "../find-policy-resource.ts";
import type { StateOperation } from "../operation.ts";

/** Spec 2.5, A.16. */
export const deleteResourcePolicy: StateOperation<shapes.DeleteResourcePolicyRequest> = {
  input: shapes.DeleteResourcePolicyRequest,
  invalid: { ResourceArn: "ResourceARNNotValidException" },
  decide(call) {
    const { arn, kind } = findPolicyResource(call, "cloudtrail:DeleteResourcePolicy", call.input.ResourceArn);
    if (!call.view.state.policies.has(arn))
      throw controlError("ResourcePolicyNotFoundException", `The ${kind} ${arn} has no resource policy.`);
    return { changes: [{ kind: "deletePolicy", resourceArn: arn }], output: {} };
  },
};
