import { letterCondition, type LetterFilter } from "./letter-filter.ts";
import type { StateDatabase } from "./state-database.ts";

/** The rule by which discarded letters are dropped. */
export const discarded = "discarded";

/** Letters discarded in one transaction. */
const slice = 1000;

/**
 * Turns dead letters into records dropped by the rule {@link discarded}, and removes their bytes. Letters that are asked for are
 * left: they are on their way back into the queue.
 * @param told who, when and why; the reason of its death is put behind it
 * @param at ms since 1970
 * @returns how many
 */
export async function discardLetters(
  database: StateDatabase,
  filter: LetterFilter,
  told: string,
  at: number,
  onProgress: (discarded: number) => void = () => undefined,
): Promise<number> {
  const { sql, values } = letterCondition(filter);
  let count = 0;
  for (let after = 0; ;) {
    const last = await database.transaction(async (transaction) => {
      const rows = await transaction.all(
        `SELECT e.id, e.integration, e.chunk, e.frame, e.code, e.message FROM exception e JOIN integration i ON i.id = e.integration
          WHERE ${sql} AND e.id > ? AND NOT EXISTS (SELECT 1 FROM asked a WHERE a.exception = e.id) ORDER BY e.id LIMIT ?`,
        ...values,
        after,
        slice,
      );
      for (const row of rows) {
        const [id, chunk, frame] = [Number(row["id"]), Number(row["chunk"]), Number(row["frame"])];
        await transaction.run(
          "UPDATE exception SET kind = 'dropped', code = ?, message = ?, event_data = NULL, at = ? WHERE id = ?",
          discarded,
          `${told} It was dead: ${String(row["code"])}: ${String(row["message"])}`.slice(0, 2048),
          at,
          id,
        );
        for (const table of ["original", "overlong"])
          await transaction.run(
            `DELETE FROM ${table} WHERE chunk = ? AND frame = ?
              AND NOT EXISTS (SELECT 1 FROM exception e WHERE e.chunk = ? AND e.frame = ? AND e.kind = 'dead')`,
            chunk,
            frame,
            chunk,
            frame,
          );
      }
      const sums = new Map<number, number>();
      for (const { integration } of rows) sums.set(Number(integration), (sums.get(Number(integration)) ?? 0) + 1);
      // The record's own state says dead for good; the sum of its integration is what counts.
      await transaction.insert(
        "settled (integration, delivered, already, changed, dead, dropped, taken)",
        [...sums].map(([integration, n]) => [integration, 0, 0, 0, -n, n, 0]),
        "(integration) DO UPDATE SET dead = settled.dead + excluded.dead, dropped = settled.dropped + excluded.dropped",
      );
      return rows.length === 0 ? undefined : { id: Number(rows.at(-1)!["id"]), count: rows.length };
    });
    if (last === undefined) return count;
    count += last.count;
    onProgress(count);
    after = last.id;
  }
}
