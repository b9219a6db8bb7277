import { shapes } from "@tributary/schema";
import type { IngestionStatusRecord } from "../../catalog/control-catalog.ts";
import { destinationsOutput } from "../channel-destinations.ts";
import { findChannel } from "../find-channel.ts";
import type { ServiceOperation } from "../operation.ts";

/** Spec 2.3, A.2. IngestionStatus is absent until the first PutAuditEvents. */
export const getChannel: ServiceOperation<shapes.GetChannelRequest> = {
  input: shapes.GetChannelRequest,
  invalid: { Channel: "ChannelARNInvalidException" },
  async run(call, { catalog }) {
    const channel = findChannel(call, "cloudtrail:GetChannel", call.input.Channel);
    const status = await catalog.ingestionStatus(channel.arn);
    return {
      ChannelArn: channel.arn,
      Name: channel.name,
      Source: channel.source,
      Destinations: destinationsOutput(call, channel.destinations),
      ...(status && { IngestionStatus: ingestionStatus(status) }),
    };
  },
};

function ingestionStatus(status: IngestionStatusRecord): Readonly<Record<string, unknown>> {
  return {
    ...(status.successTime !== undefined && { LatestIngestionSuccessTime: status.successTime / 1000 }),
    ...(status.successEventId !== undefined && { LatestIngestionSuccessEventID: status.successEventId }),
    ...(status.errorCode !== undefined && { LatestIngestionErrorCode: status.errorCode }),
    LatestIngestionAttemptTime: status.attemptTime / 1000,
    ...(status.attemptEventId !== undefined && { LatestIngestionAttemptEventID: status.attemptEventId }),
  };
}
