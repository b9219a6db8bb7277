import type { IntegrationPlan } from "./integration-plan.ts";

/** What a state calls an integration, or one of its destinations. */
export interface StatedIntegration {
  readonly name: string;
  /** Of several; empty for an only one. */
  readonly destination: string;
  readonly adapter: string;
  readonly channelArn: string;
}

/** What a configuration lacks to deliver for it, in words; undefined where it delivers. */
export function missingOf(
  plans: readonly IntegrationPlan[],
  { name, destination, adapter, channelArn }: StatedIntegration,
): string | undefined {
  const plan = plans.find((one) => one.name === name);
  if (plan === undefined) return `an integration ${name}`;
  if (plan.adapter.name !== adapter) return `the adapter ${adapter} for ${name}, which has ${plan.adapter.name} now`;
  if (plan.destinations.some((to) => to.arn === channelArn && to.name === destination)) return undefined;
  return `the channel ${channelArn}${destination === "" ? "" : ` as destination ${destination}`} for ${name}`;
}
