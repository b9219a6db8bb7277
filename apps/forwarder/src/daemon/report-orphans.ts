import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { StateDatabase } from "../state/state-database.ts";
import type { Log } from "./log.ts";

/** Warns of what an earlier configuration left queued and this one does not send. */
export async function reportOrphans(
  { database, log }: { readonly database: StateDatabase; readonly log: Log },
  plans: readonly IntegrationPlan[],
): Promise<void> {
  const rows = await database.all(
    "SELECT name, adapter, channel, sum(abs(open)) AS queued FROM chunk c JOIN integration i ON i.id = c.integration WHERE open <> 0 GROUP BY i.id, name, adapter, channel",
  );
  for (const row of rows) {
    const [name, adapter, channel] = [String(row["name"]), String(row["adapter"]), String(row["channel"])];
    const sends = plans.some(
      (plan) => plan.name === name && plan.adapter.name === adapter && plan.channel.arn === channel,
    );
    if (sends) continue;
    const how = name === "" ? "tributary forward" : `the integration ${name}`;
    log(
      "warn",
      `${String(row["queued"])} records of ${how} are queued for ${channel} and not sent by this configuration`,
    );
  }
}
