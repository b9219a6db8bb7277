import { blob } from "./column.ts";
import type { StateDatabase, StateTransaction } from "./state-database.ts";
import type { State } from "./store.ts";

/** How long the state remembers what it does not need. */
export interface FoldHorizon {
  /** ms since 1970. */
  readonly now: number;
  /** Days of receipts, and of the counts of settled chunks. */
  readonly rememberDays: number;
  /** Days, and number, of dropped records that are remembered one by one. */
  readonly droppedDays: number;
  readonly droppedRecords: number;
}

export const defaultDropped = { droppedDays: 90, droppedRecords: 1_000_000 } as const;

/** Chunks in one transaction: a few ms. */
const slice = 1000;

const dayMs = 86_400_000;
/** In the order of their bytes, from 1 (store.ts, states). */
const ends = ["delivered", "already", "changed", "dead", "dropped"] as const satisfies readonly State[];

/**
 * Adds the ends of settled chunks to their integration's sums and forgets the chunks, so that a forwarder that runs for years
 * keeps a state as large as its queue; and forgets what is beyond the horizon. Of a chunk one row of counts is left, and where
 * it has dead or dropped records the chunk without its bytes, since those name it. Dead letters are never forgotten. One slice
 * at a time; answers whether there may be more.
 */
export function foldSettled(database: StateDatabase, horizon: FoldHorizon): Promise<boolean> {
  return database.transaction(async (transaction) => {
    // Two forwarders would each count the same chunks.
    await transaction.lock("fold");
    const folded = await fold(transaction, horizon.now);
    const forgotten = await forget(transaction, horizon);
    return folded === slice || forgotten;
  });
}

async function fold(transaction: StateTransaction, now: number): Promise<number> {
  const rows = await transaction.all(
    `SELECT p.chunk, p.states, c.integration, c.source, c.first_offset, c.last_offset, c.received_at
      FROM progress p JOIN chunk c ON c.id = p.chunk WHERE c.open = 0 LIMIT ?`,
    slice,
  );
  const sums = new Map<number, number[]>();
  const counted = rows.map((row) => {
    const counts = ends.map(() => 0);
    for (const end of blob(row["states"]) ?? []) counts[end - 1]! += 1;
    const integration = Number(row["integration"]);
    const sum = sums.get(integration) ?? ends.map(() => 0);
    sums.set(
      integration,
      sum.map((count, index) => count + counts[index]!),
    );
    return { row, counts };
  });
  await transaction.insert(
    `settled (integration, ${ends.join(", ")}, taken)`,
    [...sums].map(([integration, sum]) => [integration, ...sum, 0]),
    `(integration) DO UPDATE SET ${ends.map((end) => `${end} = settled.${end} + excluded.${end}`).join(", ")}`,
  );
  await transaction.insert(
    `history (integration, source, first_offset, last_offset, received_at, settled_at, ${ends.join(", ")})`,
    counted.map(({ row, counts }) => [
      Number(row["integration"]),
      String(row["source"]),
      Number(row["first_offset"]),
      Number(row["last_offset"]),
      String(row["received_at"]),
      now,
      ...counts,
    ]),
  );
  for (const row of rows) {
    await transaction.run("DELETE FROM progress WHERE chunk = ?", Number(row["chunk"]));
    await dropChunk(transaction, Number(row["chunk"]));
  }
  return rows.length;
}

/** Forgets a chunk that is settled and folded, unless a dead or a dropped record names it. */
async function dropChunk(transaction: StateTransaction, chunk: number): Promise<void> {
  await transaction.run(
    `DELETE FROM chunk WHERE id = ? AND open = 0 AND NOT EXISTS (SELECT 1 FROM exception WHERE chunk = ?)
      AND NOT EXISTS (SELECT 1 FROM progress WHERE chunk = ?)`,
    chunk,
    chunk,
    chunk,
  );
}

async function forget(
  transaction: StateTransaction,
  { now, rememberDays, droppedDays, droppedRecords }: FoldHorizon,
): Promise<boolean> {
  const before = now - rememberDays * dayMs;
  const receipts = await transaction.run(
    "DELETE FROM receipt WHERE id IN (SELECT id FROM receipt ORDER BY id LIMIT ?) AND at < ?",
    slice,
    before,
  );
  const history = await transaction.run(
    "DELETE FROM history WHERE id IN (SELECT id FROM history ORDER BY id LIMIT ?) AND settled_at < ?",
    slice,
    before,
  );
  const dropped = Number((await transaction.get("SELECT count(*) AS n FROM exception WHERE kind = 'dropped'"))?.["n"]);
  const over = Math.max(0, dropped - droppedRecords);
  const rows = await transaction.all(
    "SELECT id, chunk, at FROM exception WHERE kind = 'dropped' ORDER BY at, id LIMIT ?",
    slice,
  );
  const gone = rows.filter(({ at }, index) => index < over || Number(at) < now - droppedDays * dayMs);
  for (const { id, chunk } of gone) {
    await transaction.run("DELETE FROM exception WHERE id = ?", Number(id));
    await dropChunk(transaction, Number(chunk));
  }
  return receipts === slice || history === slice || gone.length === slice;
}
