import type { IntegrationPlan } from "../config/integration-plan.ts";
import { missingOf } from "../config/missing-of.ts";
import { strandedLetters } from "./stranded-letters.ts";
import { DeadLetters } from "../state/dead-letters.ts";
import type { StateDatabase } from "../state/state-database.ts";
import type { Log } from "./log.ts";

/** Warns of what an earlier configuration left queued or dead, and this one does not send. */
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
    if (missingOf(plans, { name, destination, adapter, channelArn: channel }) === undefined) continue;
    const part = destination === "" ? "" : ` (destination ${destination})`;
    const how = name === "" ? "tributary forward" : `the integration ${name}${part}`;
    log(
      "warn",
      `${String(row["queued"])} records of ${how} are queued for ${channel} and not sent by this configuration`,
    );
  }
  // Counting them takes long where there are very many.
  const known = await database.all("SELECT name, adapter, channel, destination FROM integration WHERE name <> ''");
  const isWhole = known.every(
    ({ name, adapter, channel, destination }) =>
      missingOf(plans, {
        name: String(name),
        adapter: String(adapter),
        channelArn: String(channel),
        destination: String(destination),
      }) === undefined,
  );
  if (isWhole) return;
  for (const told of strandedLetters(await new DeadLetters(database).counts(), plans)) log("warn", told);
}
