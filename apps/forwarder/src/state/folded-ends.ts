import { blob, number } from "./column.ts";
import { endNames, type FoldedEnds, whose } from "./record-end.ts";
import type { Row, SqlValue, StateReads } from "./state-database.ts";
import type { State } from "./store.ts";

const page = 500;

/** The ends of settled records that are known as numbers alone. @param ofHistory, ofChunk conditions on `history`, and on `chunk c` */
export async function* foldedEnds(
  reads: StateReads,
  integration: Row,
  ofHistory: string,
  ofChunk: string,
  values: readonly SqlValue[],
  chunkValues: readonly SqlValue[] = values,
): AsyncGenerator<FoldedEnds, void, void> {
  const id = Number(integration["id"]);
  for (let after = 0; ;) {
    const rows = await reads.all(
      `SELECT * FROM history WHERE integration = ? AND ${ofHistory} AND id > ? ORDER BY id LIMIT ?`,
      id,
      ...values,
      after,
      page,
    );
    for (const row of rows) {
      const of = (state: State) => Number(row[state]);
      const counts = {
        delivered: of("delivered"),
        already: of("already"),
        changed: of("changed"),
        dead: of("dead"),
        dropped: of("dropped"),
      };
      yield { ...whose(integration), ...placeOf(row), at: number(row["settled_at"]), counts };
    }
    if (rows.length < page) break;
    after = Number(rows.at(-1)!["id"]);
  }
  const settled = await reads.all(
    `SELECT c.source, c.first_offset, c.last_offset, c.received_at, p.states FROM chunk c JOIN progress p ON p.chunk = c.id
        WHERE c.open = 0 AND c.integration = ? AND ${ofChunk} ORDER BY c.id`,
    id,
    ...chunkValues,
  );
  for (const row of settled) {
    const counts = { delivered: 0, already: 0, changed: 0, dead: 0, dropped: 0, queued: 0 };
    for (const end of blob(row["states"]) ?? []) counts[endNames[end] ?? "queued"]++;
    yield { ...whose(integration), ...placeOf(row), counts };
  }
}

const placeOf = (row: Row) => ({
  source: String(row["source"]),
  from: Number(row["first_offset"]),
  to: Number(row["last_offset"]),
  receivedAt: String(row["received_at"]),
});
