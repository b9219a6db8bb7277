import { shapes } from "@tributary/schema";
import type { ChannelRecord } from "../../catalog/control-catalog.ts";
import { channelDestinations, destinationsOutput } from "../channel-destinations.ts";
import { controlError } from "../control-error.ts";
import { findChannel } from "../find-channel.ts";
import type { StateOperation } from "../operation.ts";

/** Spec 2.3, A.4: replaces the name, the whole list of destinations, or both; the source stays. */
export const updateChannel: StateOperation<shapes.UpdateChannelRequest> = {
  input: shapes.UpdateChannelRequest,
  invalid: { Channel: "ChannelARNInvalidException" },
  decide(call) {
    const { input, view } = call;
    const before = findChannel(call, "cloudtrail:UpdateChannel", input.Channel);
    const name = input.Name ?? undefined;
    const given = input.Destinations ?? undefined;
    if (name === undefined && given === undefined)
      throw controlError("InvalidParameterException", "Give a Name, Destinations or both.");
    for (const channel of view.state.channels.values())
      if (
        name !== undefined &&
        channel.name === name &&
        channel.accountId === before.accountId &&
        channel.arn !== before.arn
      )
        throw controlError("ChannelAlreadyExistsException", `There is already a channel named ${name}.`);
    const channel: ChannelRecord = {
      ...before,
      ...(name !== undefined && { name }),
      ...(given !== undefined && { destinations: channelDestinations(call, given) }),
    };
    return {
      changes: [{ kind: "putChannel", channel }],
      output: {
        ChannelArn: channel.arn,
        Name: channel.name,
        Source: channel.source,
        Destinations: destinationsOutput(call, channel.destinations),
      },
    };
  },
};
