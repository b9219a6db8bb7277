import type { StateDatabase } from "./state-database.ts";

/** What an integration of `tributary run` is called in the state. */
export interface IntegrationNumbers {
  /** Its sources' cursors and deliveries; stays while destinations come and go. */
  readonly intake: number;
  /** In the order of the configuration; each has its own queue, progress, ledger and dead letters. */
  readonly destinations: readonly number[];
}

/** What is asked for, of a plan. */
export interface NumberedPlan {
  readonly name: string;
  readonly adapter: { readonly name: string };
  readonly destinations: readonly { readonly name: string; readonly arn: string }[];
}

/**
 * The numbers of an integration and its destinations; made on first use. A destination is known by its channel: with a new name
 * it keeps what it had.
 */
export function integrationNumbers(database: StateDatabase, plan: NumberedPlan): Promise<IntegrationNumbers> {
  const { name, adapter, destinations } = plan;
  return database.transaction(async (transaction) => {
    await transaction.insert(
      "integration (adapter, channel, name, destination)",
      // In one order, whatever the configuration's is: two forwarders must not wait for each other.
      destinations
        .map((to) => [adapter.name, to.arn, name, to.name])
        .toSorted(([, a = ""], [, b = ""]) => (a < b ? -1 : 1)),
      "(name, adapter, channel) DO UPDATE SET destination = excluded.destination",
    );
    const rows = await transaction.all(
      "SELECT id, channel FROM integration WHERE name = ? AND adapter = ?",
      name,
      adapter.name,
    );
    const numbers = new Map(rows.map((row) => [String(row["channel"]), Number(row["id"])]));
    return { intake: Math.min(...numbers.values()), destinations: destinations.map(({ arn }) => numbers.get(arn)!) };
  });
}
