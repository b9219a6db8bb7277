import type { GetChannelCommandOutput } from "@aws-sdk/client-cloudtrail";
import type { Channel } from "./control-plane.ts";
import { needed } from "./needed.ts";

/** A channel of an answer of GetChannel. */
export function channelOf(answer: GetChannelCommandOutput): Channel {
  const { ChannelArn, Name, Source, Destinations = [], IngestionStatus: status } = answer;
  return {
    arn: needed(ChannelArn),
    name: Name ?? "",
    source: Source ?? "",
    stores: Destinations.flatMap(({ Location }) => (Location === undefined ? [] : [Location])),
    ingestion: status && {
      successAt: status.LatestIngestionSuccessTime?.getTime(),
      attemptAt: status.LatestIngestionAttemptTime?.getTime(),
      errorCode: status.LatestIngestionErrorCode,
    },
  };
}
