import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { StateDatabase } from "../state/state-database.ts";
import type { Log } from "./log.ts";

/** Warns of what an earlier configuration left queued and this one does not send. */
export async function reportOrphans(
  { database, log }: { readonly database: StateDatabase; readonly log: Log },
  plans: readonly IntegrationPlan[],
): Promise<void> {
  const rows = await database.all(
    `SELECT name, adapter, channel, destination, sum(abs(open)) AS queued FROM chunk c JOIN integration i ON i.id = c.integration
      WHERE open <> 0 GROUP BY i.id, name, adapter, channel, destination`,
  );
  for (const row of rows) {
    const [name, adapter, channel] = [String(row["name"]), String(row["adapter"]), String(row["channel"])];
    const destination = String(row["destination"]);
    const sends = plans.some(
      (plan) =>
        plan.name === name &&
        plan.adapter.name === adapter &&
        plan.destinations.some((to) => to.arn === channel && to.name === destination),
    );
    if (sends) continue;
    const part = destination === "" ? "" : ` (destination ${destination})`;
    const how = name === "" ? "tributary forward" : `the integration ${name}${part}`;
    log(
      "warn",
      `${String(row["queued"])} records of ${how} are queued for ${channel} and not sent by this configuration`,
    );
  }
}
