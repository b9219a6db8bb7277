import { cloudTrailArn, shapes } from "@tributary/schema";
import type { ChannelRecord } from "../../catalog/control-catalog.ts";
import { authorize } from "../authorize.ts";
import { channelDestinations, destinationsOutput } from "../channel-destinations.ts";
import { controlError } from "../control-error.ts";
import { hasIntegrations } from "../has-integrations.ts";
import type { StateOperation } from "../operation.ts";
import { checkTagCount, tagsList, tagsOf } from "../tags.ts";

/** Spec 2.3, A.1. */
export const createChannel: StateOperation<shapes.CreateChannelRequest> = {
  input: shapes.CreateChannelRequest,
  invalid: { Source: "InvalidSourceException", Tags: "InvalidTagParameterException" },
  decide(call) {
    const { input, caller, env, view } = call;
    const tags = tagsOf(input.Tags);
    const channelId = env.randomUuid();
    const arn = cloudTrailArn({ region: env.region, accountId: caller.accountId, type: "channel", id: channelId });
    authorize(call, "cloudtrail:CreateChannel", arn, { requestTags: tags });
    if (!hasIntegrations(env.region))
      throw controlError("UnsupportedOperationException", `Integrations are not supported in ${env.region}.`);
    checkTagCount(tags, env.quotas.tagsPerResource);
    if (!env.sources.find(input.Source))
      throw controlError(
        "InvalidSourceException",
        "Source must be Custom, the name of a partner source or one that this lake has registered, spelled exactly.",
      );
    const own = [...view.state.channels.values()].filter((channel) => channel.accountId === caller.accountId);
    if (own.some((channel) => channel.name === input.Name))
      throw controlError("ChannelAlreadyExistsException", `There is already a channel named ${input.Name}.`);
    const destinations = channelDestinations(call, input.Destinations);
    if (own.length >= env.quotas.channels)
      throw controlError(
        "ChannelMaxLimitExceededException",
        `The account has ${own.length} channels, which is the limit.`,
      );
    const ofSource = own.filter((channel) => channel.source === input.Source);
    if (ofSource.length >= env.quotas.channelsPerSource)
      throw controlError(
        "ChannelMaxLimitExceededException",
        `The source ${input.Source} already has its channel, ${ofSource[0]!.name}: a source can have at most ${env.quotas.channelsPerSource}.`,
      );
    const channel: ChannelRecord = {
      arn,
      channelId,
      accountId: caller.accountId,
      name: input.Name,
      source: input.Source,
      destinations,
      tags,
      createdAt: env.now,
    };
    return {
      changes: [{ kind: "putChannel", channel }],
      output: {
        ChannelArn: arn,
        Name: channel.name,
        Source: channel.source,
        Destinations: destinationsOutput(call, destinations),
        Tags: tagsList(tags),
      },
    };
  },
};
