import type { IntegrationPlan } from "../config/integration-plan.ts";
import { missingOf } from "../config/missing-of.ts";
import type { DeadCount } from "../state/dead-letters.ts";
import { group } from "../terminal/table.ts";

/** Tells, line by line, of dead letters that nobody would deliver under a configuration, and what to do. */
export function strandedLetters(counts: readonly DeadCount[], plans: readonly IntegrationPlan[]): readonly string[] {
  const letters = new Map<string, number>();
  for (const { integration, destination, adapter, channelArn, count } of counts) {
    // Those of tributary forward are in no configuration.
    if (integration === "") continue;
    const missing = missingOf(plans, { name: integration, destination, adapter, channelArn });
    if (missing === undefined) continue;
    const fix = `put it back to replay them, or: tributary dlq discard --integration ${integration} --channel-arn ${channelArn}`;
    const text = `the configuration lacks ${missing}: ${fix}`;
    letters.set(text, (letters.get(text) ?? 0) + count);
  }
  return [...letters].map(([text, count]) => `${group(count)} dead letters can be delivered by nobody: ${text}`);
}
