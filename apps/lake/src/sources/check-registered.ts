import { TributaryError } from "@tributary/schema";
import type { ChannelRecord } from "../catalog/control-catalog.ts";
import type { SourceRegistry } from "./source-registry.ts";

/**
 * Throws `SOURCE_NOT_REGISTERED` where a channel has a source that the host registered once and does not now: without its row nobody
 * knows which eventSources the channel may carry, and it would carry any.
 */
export function checkRegistered(
  channels: Iterable<Pick<ChannelRecord, "arn" | "source">>,
  sources: Pick<SourceRegistry, "find">,
): void {
  for (const { arn, source } of channels)
    if (sources.find(source) === undefined)
      throw new TributaryError(
        `The channel ${arn} has the source ${JSON.stringify(source)}, which the file of --sources does not register. Give the file that does; to be rid of the source, delete the channel first.`,
        { code: "SOURCE_NOT_REGISTERED" },
      );
}
