import { parseArn, parseCloudTrailArn } from "@tributary/schema";
import type { ControlChange, Tags } from "../catalog/control-catalog.ts";
import { authorize } from "./authorize.ts";
import { controlError } from "./control-error.ts";
import type { ControlCall } from "./operation.ts";

/** A resource of the caller with its tags, and the change that gives it others. */
export interface Tagged {
  readonly arn: string;
  readonly tags: Tags;
  withTags(tags: Tags): ControlChange;
}

/**
 * The caller's channel or store of an ARN, after authorising the action on it. Throws CloudTrailARNInvalidException,
 * ResourceTypeNotSupportedException, AccessDeniedException, ChannelNotFoundException, EventDataStoreNotFoundException,
 * InactiveEventDataStoreException. Spec 2.6.
 */
export function findTagged(
  call: ControlCall<unknown>,
  action: `cloudtrail:${string}`,
  arnText: string,
  requestTags?: Tags,
): Tagged {
  const { caller, env, view } = call;
  const plain = parseArn(arnText);
  const arn = parseCloudTrailArn(arnText);
  if (plain?.service !== "cloudtrail" || plain.partition !== "aws" || plain.region !== env.region)
    throw controlError(
      "CloudTrailARNInvalidException",
      `Tags are given to the ARN of a channel or an event data store in ${env.region}.`,
    );
  if (arn?.type !== "channel" && arn?.type !== "eventdatastore")
    throw controlError("ResourceTypeNotSupportedException", "Channels and event data stores have tags here.");
  const found = arn.type === "channel" ? view.state.channels.get(arnText) : view.state.stores.get(arn.id);
  const resource = found?.arn === arnText && found.accountId === caller.accountId ? found : undefined;
  authorize(call, action, arnText, { resourceTags: resource?.tags, requestTags });
  if (!resource)
    throw controlError(
      arn.type === "channel" ? "ChannelNotFoundException" : "EventDataStoreNotFoundException",
      `There is no ${arnText}.`,
    );
  if ("channelId" in resource)
    return {
      arn: arnText,
      tags: resource.tags,
      withTags: (tags) => ({ kind: "putChannel", channel: { ...resource, tags } }),
    };
  if (resource.status === "PENDING_DELETION")
    throw controlError(
      "InactiveEventDataStoreException",
      `The event data store ${arnText} is waiting for its deletion.`,
    );
  return {
    arn: arnText,
    tags: resource.tags,
    withTags: (tags) => ({ kind: "putStore", store: { ...resource, tags } }),
  };
}
