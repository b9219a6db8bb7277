import type { IntegrationConfig } from "./config-schema.ts";
import type { IntegrationPlan } from "./integration-plan.ts";

/** The plan of an integration's objects. The region is the configuration's, else the one in the queue's URL, else the channel's. */
export function objectsPlan(
  {
    bucket,
    prefix,
    queue,
    format,
    region,
    endpoint,
    profile,
    since,
    pollSeconds,
  }: NonNullable<IntegrationConfig["s3"]>,
  channelRegion: string,
): NonNullable<IntegrationPlan["s3"]> {
  const ofQueue = /^https:\/\/(?:sqs\.([a-z0-9-]+)\.|([a-z0-9-]+)\.queue\.)/.exec(queue ?? "");
  return {
    bucket,
    prefix,
    queue,
    format,
    region: region ?? ofQueue?.[1] ?? ofQueue?.[2] ?? channelRegion,
    endpoint,
    profile,
    since: since === undefined ? 0 : Date.parse(since),
    pollSeconds,
  };
}
