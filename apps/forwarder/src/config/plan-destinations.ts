import { resolve } from "node:path";
import { parseCloudTrailArn } from "@tributary/schema";
import { authority } from "../network/authority.ts";
import { endpointConflict } from "../delivery/endpoint-conflict.ts";
import { usualRate } from "../delivery/request-rate.ts";
import type { ChannelConfig } from "./channel-schema.ts";
import type { IntegrationConfig } from "./config-schema.ts";
import type { DestinationPlan } from "./destination-plan.ts";
import { messageOf } from "./message-of.ts";
import { shown } from "./schema-findings.ts";
import type { Finding, Path } from "./yaml-source.ts";

/**
 * Where an integration's events go: its `channel`, or each of its `destinations`. True only where there are no findings.
 * @param directory what relative paths start from
 */
export function planDestinations(
  config: Pick<IntegrationConfig, "channel" | "destinations">,
  directory: string,
  env: NodeJS.ProcessEnv,
): { readonly plans: readonly DestinationPlan[]; readonly findings: readonly Finding[] } {
  const { channel, destinations = [] } = config;
  const findings: Finding[] = [];
  const plans: DestinationPlan[] = [];
  const plan = (name: string, to: ChannelConfig, at: Path): void => {
    const planned = planDestination(name, to, at, directory, env);
    findings.push(...planned.findings);
    if (planned.plan !== undefined) plans.push(planned.plan);
  };
  const fix = "give it one of the two: channel for one place, destinations for several";
  if (channel === undefined && destinations.length === 0)
    findings.push({ path: [], message: "It goes nowhere: there is neither channel nor destinations", fix });
  if (channel !== undefined && destinations.length > 0)
    findings.push({ path: ["channel"], message: "There are a channel and destinations", fix });
  if (channel !== undefined) plan("", channel, ["channel"]);
  const names = new Set<string>();
  const channels = new Map<string, string>();
  for (const [index, { name, ...to }] of destinations.entries()) {
    const at: Path = ["destinations", index];
    const other = channels.get(to.arn);
    if (names.has(name))
      findings.push({
        path: [...at, "name"],
        message: `${shown(name)} names two destinations`,
        fix: "give each its own name",
      });
    if (other !== undefined)
      findings.push({
        path: [...at, "arn"],
        message: `It is the channel of ${other}, which would get everything twice`,
        fix: "take one of the two away",
      });
    names.add(name);
    channels.set(to.arn, name);
    plan(name, to, at);
  }
  return { plans, findings };
}

/** @param name empty for an integration's `channel` @param at where the destination stands @param directory what relative paths start from */
function planDestination(
  name: string,
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
  if (arn !== undefined && endpoint === undefined && region !== undefined && region !== arn.region)
    wrong("region", `The channel is in ${arn.region}, and AWS takes its events there alone`, "take region away");
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
      name,
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
