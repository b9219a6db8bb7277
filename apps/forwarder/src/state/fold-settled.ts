import { blob } from "./column.ts";
import type { StateDatabase } from "./state-database.ts";
import { states } from "./store.ts";

/** Chunks in one transaction: a few ms. */
const slice = 1000;

/**
 * Adds the ends of settled chunks to their integration's sums and forgets the chunks, so that a forwarder that runs for years
 * keeps a state as large as its queue; and forgets receipts from before a time. Chunks with dead or dropped records stay, without
 * their bytes: dead letters name them. One slice at a time; answers whether there may be more.
 * @param receiptsBefore ms since 1970
 */
export function foldSettled(database: StateDatabase, receiptsBefore: number): Promise<boolean> {
  return database.transaction(async (transaction) => {
    const rows = await transaction.all(
      "SELECT p.chunk, c.integration, p.states FROM progress p JOIN chunk c ON c.id = p.chunk WHERE c.open = 0 LIMIT ?",
      slice,
    );
    const sums = new Map<number, number[]>();
    for (const row of rows) {
      const integration = Number(row["integration"]);
      const sum = sums.get(integration) ?? [0, 0, 0, 0, 0, 0];
      sums.set(integration, sum);
      for (const end of blob(row["states"]) ?? []) sum[end] = (sum[end] ?? 0) + 1;
    }
    await transaction.insert(
      "settled (integration, delivered, already, changed, dead, dropped)",
      [...sums].map(([integration, sum]) => {
        const of = (state: keyof typeof states) => sum[states[state]] ?? 0;
        return [integration, of("delivered"), of("already"), of("changed"), of("dead"), of("dropped")];
      }),
      `(integration) DO UPDATE SET delivered = settled.delivered + excluded.delivered, already = settled.already + excluded.already,
        changed = settled.changed + excluded.changed, dead = settled.dead + excluded.dead, dropped = settled.dropped + excluded.dropped`,
    );
    for (const row of rows) {
      const chunk = Number(row["chunk"]);
      await transaction.run("DELETE FROM progress WHERE chunk = ?", chunk);
      await transaction.run(
        "DELETE FROM chunk WHERE id = ? AND NOT EXISTS (SELECT 1 FROM exception WHERE chunk = ?)",
        chunk,
        chunk,
      );
    }
    const receipts = await transaction.run(
      "DELETE FROM receipt WHERE id IN (SELECT id FROM receipt ORDER BY id LIMIT ?) AND at < ?",
      slice,
      receiptsBefore,
    );
    return rows.length === slice || receipts === slice;
  });
}
