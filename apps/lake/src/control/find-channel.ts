import { cloudTrailArn, parseCloudTrailArn } from "@tributary/schema";
import type { ChannelRecord } from "../catalog/control-catalog.ts";
import { authorize } from "./authorize.ts";
import { controlError } from "./control-error.ts";
import type { ControlCall } from "./operation.ts";

/**
 * The caller's channel by ARN or id, after authorising the action on it: who may not perform the action does not learn
 * whether the channel exists. Throws ChannelARNInvalidException, AccessDeniedException, ChannelNotFoundException.
 */
export function findChannel(
  call: ControlCall<unknown>,
  action: `cloudtrail:${string}`,
  nameOrArn: string,
): ChannelRecord {
  const arn = channelArnOf(call, nameOrArn);
  const found = call.view.state.channels.get(arn);
  const channel = found?.accountId === call.caller.accountId ? found : undefined;
  authorize(call, action, arn, { resourceTags: channel?.tags });
  if (!channel) throw controlError("ChannelNotFoundException", `There is no channel ${arn}.`);
  return channel;
}

function channelArnOf({ caller, env }: ControlCall<unknown>, text: string): string {
  if (!text.startsWith("arn:")) {
    if (/^[A-Za-z0-9._/-]+$/.test(text))
      return cloudTrailArn({ region: env.region, accountId: caller.accountId, type: "channel", id: text });
  } else {
    const arn = parseCloudTrailArn(text);
    if (arn?.type === "channel" && arn.region === env.region && arn.partition === "aws") return text;
  }
  throw controlError("ChannelARNInvalidException", `Channel must be the ARN of a channel in ${env.region}, or its id.`);
}
