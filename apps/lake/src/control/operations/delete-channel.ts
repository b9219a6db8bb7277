import { shapes } from "@tributary/schema";
import { findChannel } from "../find-channel.ts";
import type { StateOperation } from "../operation.ts";

/** Spec 2.3, A.5: policy and tags go with the channel; the events stay in their stores. */
export const deleteChannel: StateOperation<shapes.DeleteChannelRequest> = {
  input: shapes.DeleteChannelRequest,
  invalid: { Channel: "ChannelARNInvalidException" },
  decide(call) {
    const channel = findChannel(call, "cloudtrail:DeleteChannel", call.input.Channel);
    return {
      changes: [
        { kind: "deletePolicy", resourceArn: channel.arn },
        { kind: "deleteChannel", arn: channel.arn },
      ],
      output: {},
    };
  },
};
