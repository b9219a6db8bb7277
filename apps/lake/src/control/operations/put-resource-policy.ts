import { PolicyInvalid, parseChannelPolicy, parseEventDataStorePolicy } from "@tributary/policy";
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
    const resource = findPolicyResource(call, "cloudtrail:PutResourcePolicy", ResourceArn);
    if (resource.kind === "event data store" && resource.store.status === "PENDING_DELETION")
      throw controlError(
        "OperationNotPermittedException",
        `The event data store ${ResourceArn} is waiting for its deletion.`,
      );
    const warnings = parse(ResourcePolicy, resource.kind, ResourceArn);
    return {
      changes: [{ kind: "putPolicy", resourceArn: ResourceArn, text: ResourcePolicy }],
      output: { ResourceArn, ResourcePolicy },
      warnings: warnings.map((warning) => `The policy of ${ResourceArn}: ${warning}`),
    };
  },
};

/** Answers warnings. Throws ResourcePolicyNotValidException. */
function parse(text: string, kind: "channel" | "event data store", arn: string): readonly string[] {
  try {
    if (kind === "channel") return parseChannelPolicy(text, arn).warnings;
    parseEventDataStorePolicy(text, arn);
    return [];
  } catch (error) {
    if (error instanceof PolicyInvalid) throw controlError("ResourcePolicyNotValidException", error.message, error);
    throw error;
  }
}
