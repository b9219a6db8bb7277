import { parseArn, parseCloudTrailArn } from "@tributary/schema";
import type { ChannelRecord, EventDataStoreRecord } from "../catalog/control-catalog.ts";
import { authorize } from "./authorize.ts";
import { controlError } from "./control-error.ts";
import type { ControlCall } from "./operation.ts";

/** What may have a resource policy. */
export type PolicyResource =
  | { readonly kind: "channel"; readonly arn: string; readonly channel: ChannelRecord }
  | { readonly kind: "event data store"; readonly arn: string; readonly store: EventDataStoreRecord };

/**
 * The caller's channel or event data store that a resource policy is for, after authorising the action on it.
 * Throws ResourceARNNotValidException, ResourceTypeNotSupportedException, AccessDeniedException, ResourceNotFoundException. Spec 2.5.
 */
export function findPolicyResource(
  call: ControlCall<unknown>,
  action: `cloudtrail:${string}`,
  resourceArn: string,
): PolicyResource {
  const { caller, env, view } = call;
  const plain = parseArn(resourceArn);
  if (plain?.service !== "cloudtrail" || plain.partition !== "aws" || plain.region !== env.region)
    throw controlError(
      "ResourceARNNotValidException",
      `ResourceArn must be the ARN of a channel or an event data store in ${env.region}.`,
    );
  const arn = parseCloudTrailArn(resourceArn);
  if (arn?.type !== "channel" && arn?.type !== "eventdatastore")
    throw controlError(
      "ResourceTypeNotSupportedException",
      "Resource policies are supported for channels and event data stores.",
    );
  const channel = arn.type === "channel" ? view.state.channels.get(resourceArn) : undefined;
  const store = arn.type === "eventdatastore" ? view.state.stores.get(arn.id) : undefined;
  const found = channel ?? store;
  const mine = found?.arn === resourceArn && found.accountId === caller.accountId ? found : undefined;
  authorize(call, action, resourceArn, { resourceTags: mine?.tags });
  if (mine && channel) return { kind: "channel", arn: resourceArn, channel };
  if (mine && store) return { kind: "event data store", arn: resourceArn, store };
  throw controlError(
    "ResourceNotFoundException",
    `There is no ${arn.type === "channel" ? "channel" : "event data store"} ${resourceArn}.`,
  );
}
