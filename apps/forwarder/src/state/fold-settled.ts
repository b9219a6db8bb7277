import type { DatabaseSync } from "node:sqlite";
import { blob } from "./column.ts";
import { states } from "./store.ts";

/** Chunks in one transaction: a few ms. */
const slice = 1000;

/**
 * Adds the ends of settled chunks to their integration's sums and forgets the chunks, so that a forwarder that runs for years
 * keeps a state as large as its queue; and forgets receipts from before a time. Chunks with dead or dropped records stay, without
 * their bytes: dead letters name them. One slice at a time; answers whether there may be more.
 * @param receiptsBefore ms since 1970
 */
export function foldSettled(database: DatabaseSync, receiptsBefore: number): boolean {
  const rows = database
    .prepare(
      "SELECT p.chunk, c.integration, p.states FROM progress p JOIN chunk c ON c.id = p.chunk WHERE c.open = 0 LIMIT ?",
    )
    .all(slice);
  const sums = new Map<number, number[]>();
  for (const row of rows) {
    const integration = Number(row["integration"]);
    const sum = sums.get(integration) ?? [0, 0, 0, 0, 0, 0];
    sums.set(integration, sum);
    for (const end of blob(row["states"]) ?? []) sum[end] = (sum[end] ?? 0) + 1;
  }
  const add = database.prepare(
    `INSERT INTO settled VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (integration) DO UPDATE SET delivered = delivered + ?2,
      already = already + ?3, changed = changed + ?4, dead = dead + ?5, dropped = dropped + ?6`,
  );
  const forget = database.prepare("DELETE FROM progress WHERE chunk = ?");
  const forgetChunk = database.prepare(
    "DELETE FROM chunk WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM exception WHERE chunk = ?1)",
  );
  const receipts = database.prepare(
    "DELETE FROM receipt WHERE id IN (SELECT id FROM receipt ORDER BY id LIMIT ?) AND at < ?",
  );
  database.exec("BEGIN IMMEDIATE");
  try {
    for (const [integration, sum] of sums) {
      const of = (state: keyof typeof states) => sum[states[state]] ?? 0;
      add.run(integration, of("delivered"), of("already"), of("changed"), of("dead"), of("dropped"));
    }
    for (const row of rows) {
      forget.run(Number(row["chunk"]));
      forgetChunk.run(Number(row["chunk"]));
    }
    const { changes } = receipts.run(slice, receiptsBefore);
    database.exec("COMMIT");
    return rows.length === slice || Number(changes) === slice;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
