import { resolve } from "node:path";
import { parseCloudTrailArn } from "@tributary/schema";
import { authority } from "../network/authority.ts";
import { endpointConflict } from "../delivery/endpoint-conflict.ts";
import { usualRate } from "../delivery/request-rate.ts";
import type { ChannelConfig } from "./config-schema.ts";
import type { DestinationPlan } from "./destination-plan.ts";
import { messageOf } from "./message-of.ts";
import { shown } from "./schema-findings.ts";
import type { Finding, Path } from "./yaml-source.ts";

/** @param at where the destination stands @param directory what relative paths start from */
export function planDestination(
  config: ChannelConfig,
  at: Path,
  directory: string,
  env: NodeJS.ProcessEnv,
): { readonly plan: DestinationPlan | undefined; readonly findings: readonly Finding[] } {
  const { arn: channelArn, externalId, endpoint, region, fips, dualStack, requestsPerSecond } = config;
  const findings: Finding[] = [];
  const wrong = (member: string, message: string, fix: string): void =>
    void findings.push({ path: [...at, member], message, fix });
  const arn = parseCloudTrailArn(channelArn);
  if (arn?.type !== "channel")
    wrong(
      "arn",
      `${shown(channelArn)} is no channel: it takes arn:aws:cloudtrail:REGION:ACCOUNT:channel/ID`,
      "copy the ARN from aws cloudtrail list-channels",
    );
  const conflict = endpointConflict(config, env);
  if (conflict !== undefined) wrong("endpoint", conflict, "drop one of the two");
  let ca: string | undefined;
  if (config.ca !== undefined)
    try {
      ca = authority(resolve(directory, config.ca));
    } catch (error) {
      wrong("ca", messageOf(error), "name a file with the certificate of the authority, or of the server itself");
    }
  if (findings.length > 0 || arn === undefined) return { plan: undefined, findings };
  return {
    findings,
    plan: {
      arn: channelArn,
      accountId: arn.accountId,
      region: region ?? arn.region,
      externalId,
      endpoint,
      fips,
      dualStack,
      ca,
      requestsPerSecond: requestsPerSecond ?? usualRate(endpoint),
    },
  };
}
