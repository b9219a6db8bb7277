import { shapes } from "@tributary/schema";
import { authorize } from "../authorize.ts";
import type { StateOperation } from "../operation.ts";
import { page } from "../page.ts";

/** Spec 2.3, A.3: items are the ARN and the name alone. */
export const listChannels: StateOperation<shapes.ListChannelsRequest> = {
  input: shapes.ListChannelsRequest,
  invalid: { NextToken: "InvalidNextTokenException" },
  decide(call) {
    authorize(call, "cloudtrail:ListChannels", "*");
    const own = [...call.view.state.channels.values()].filter((channel) => channel.accountId === call.caller.accountId);
    const { items, ...next } = page(call, "ListChannels", own);
    return {
      changes: [],
      output: { Channels: items.map((channel) => ({ ChannelArn: channel.arn, Name: channel.name })), ...next },
    };
  },
};
