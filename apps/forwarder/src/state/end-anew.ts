import type { StateTransaction } from "./state-database.ts";

/** A source that was read to its end before, and is read again from its start. */
export interface ReadAgain {
  readonly source: string;
  /** The chunks of the earlier reading have numbers below this. */
  readonly before: number;
  /** Up to there it is the same, byte for byte. */
  readonly position: number;
}

const earlier = "SELECT id FROM chunk WHERE integration = ? AND source = ? AND id < ?";

/**
 * The dead and dropped records of an earlier reading of the same bytes end anew in this one: what is written of their first end goes,
 * and they count once.
 */
export async function endAnew(
  transaction: StateTransaction,
  integration: number,
  { source, before, position }: ReadAgain,
): Promise<void> {
  const chunks = [integration, source, before] as const;
  const theirs = `chunk IN (${earlier}) AND frame_offset < ?`;
  const rows = await transaction.all(
    `SELECT kind, count(*) AS n FROM exception WHERE ${theirs} GROUP BY kind`,
    ...chunks,
    position,
  );
  const of = (kind: string) => Number(rows.find((row) => row["kind"] === kind)?.["n"] ?? 0);
  const [dead, dropped] = [of("dead"), of("dropped")];
  if (dead + dropped === 0) return;
  await transaction.run(
    `DELETE FROM asked WHERE exception IN (SELECT id FROM exception WHERE ${theirs})`,
    ...chunks,
    position,
  );
  await transaction.run(`DELETE FROM exception WHERE ${theirs}`, ...chunks, position);
  for (const table of ["original", "overlong"])
    await transaction.run(
      `DELETE FROM ${table} WHERE chunk IN (${earlier} AND open = 0) AND NOT EXISTS
        (SELECT 1 FROM exception e WHERE e.chunk = ${table}.chunk AND e.frame = ${table}.frame AND e.kind = 'dead')`,
      ...chunks,
    );
  await transaction.run(
    `DELETE FROM chunk WHERE id IN (${earlier} AND open = 0) AND NOT EXISTS (SELECT 1 FROM exception e WHERE e.chunk = chunk.id)
      AND NOT EXISTS (SELECT 1 FROM progress p WHERE p.chunk = chunk.id)`,
    ...chunks,
  );
  // As of letters that are put back: they are read again.
  await transaction.insert(
    "settled (integration, delivered, already, changed, dead, dropped, taken)",
    [[integration, 0, 0, 0, -dead, -dropped, -dead - dropped]],
    `(integration) DO UPDATE SET dead = settled.dead + excluded.dead, dropped = settled.dropped + excluded.dropped,
      taken = settled.taken + excluded.taken`,
  );
}
