import { damagedFrame } from "./damage.ts";
import { letterCondition, type LetterFilter } from "./letter-filter.ts";
import type { StateDatabase } from "./state-database.ts";

/** Letters asked for in one transaction: it is short, since a forwarder may be writing too. */
const slice = 1000;

/**
 * Asks for dead letters to be put back into their queue. Whoever delivers for their integration does that (requeue.ts): a running
 * forwarder within seconds, else the next one. Until then they are dead letters as before. Asking again changes nothing. Letters
 * whose chunk was damaged are left: of nothing that is kept can they be made again.
 * @param at ms since 1970
 * @returns how many letters are asked for now that were not before
 */
export async function askReplay(
  database: StateDatabase,
  filter: LetterFilter,
  at: number,
  onProgress: (asked: number) => void = () => undefined,
): Promise<number> {
  const { sql: chosen, values: chosenValues } = letterCondition(filter);
  const sql = `${chosen} AND e.frame <> ?`;
  const values = [...chosenValues, damagedFrame];
  const from = "FROM exception e JOIN integration i ON i.id = e.integration";
  let asked = 0;
  for (let after = 0; ;) {
    const rows = await database.all(
      `SELECT e.id ${from} WHERE ${sql} AND e.id > ? ORDER BY e.id LIMIT ?`,
      ...values,
      after,
      slice,
    );
    if (rows.length === 0) return asked;
    const last = Number(rows.at(-1)!["id"]);
    const first = after;
    asked += await database.transaction((transaction) =>
      transaction.run(
        `INSERT INTO asked (exception, integration, at) SELECT e.id, e.integration, CAST(? AS BIGINT) ${from}
          WHERE ${sql} AND e.id > ? AND e.id <= ? ON CONFLICT (exception) DO NOTHING`,
        at,
        ...values,
        first,
        last,
      ),
    );
    onProgress(asked);
    after = last;
  }
}
