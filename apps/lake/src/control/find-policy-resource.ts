import { parseArn, parseCloudTrailArn } from "@tributary/schema";
import type { ChannelRecord } from "../catalog/control-catalog.ts";
import { authorize } from "./authorize.ts";
import { controlError } from "./control-error.ts";
import type { ControlCall } from "./operation.ts";

/**
 * The caller's channel that a resource policy is for, after authorising the action on it.
 * Throws ResourceARNNotValidException, ResourceTypeNotSupportedException, AccessDeniedException, ResourceNotFoundException. Spec 2.5.
 */
export function findPolicyResource(
  call: ControlCall<unknown>,
  action: `cloudtrail:${string}`,
  resourceArn: string,
): ChannelRecord {
  const { caller, env, view } = call;
  const plain = parseArn(resourceArn);
  if (plain?.service !== "cloudtrail" || plain.partition !== "aws" || plain.region !== env.region)
    throw controlError("ResourceARNNotValidException", `ResourceArn must be the ARN of a channel in ${env.region}.`);
  const arn = parseCloudTrailArn(resourceArn);
  if (arn?.type !== "channel")
    throw controlError("ResourceTypeNotSupportedException", "Resource policies are supported for channels.");
  const found = view.state.channels.get(resourceArn);
  const channel = found?.accountId === caller.accountId ? found : undefined;
  authorize(call, action, resourceArn, { resourceTags: channel?.tags });
  if (!channel) throw controlError("ResourceNotFoundException", `There is no channel ${resourceArn}.`);
  return channel;
}
