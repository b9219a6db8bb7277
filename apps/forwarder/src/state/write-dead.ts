import { damagedFrame } from "./damage.ts";
import type { StateTransaction } from "./state-database.ts";
import type { Changes } from "./store.ts";

/** Writes down the dead and dropped records of a commit, and the original bytes of the dead. */
export async function writeDead(
  transaction: StateTransaction,
  integration: number,
  { exceptions = [], originals = [] }: Pick<Changes, "exceptions" | "originals">,
): Promise<void> {
  await transaction.insert(
    `exception (integration, chunk, record, frame, kind, code, message, path, event_id, event_data, part, parts, frame_offset, at,
      attempts, replays)`,
    exceptions.map((row) => [
      integration,
      row.chunk,
      row.record,
      row.frame,
      row.kind,
      row.code,
      row.message,
      row.path,
      row.eventId ?? null,
      row.eventData ?? null,
      row.part,
      row.parts,
      row.offset,
      row.at,
      row.attempts,
      row.replays,
    ]),
    "DO NOTHING",
  );
  await transaction.insert(
    'original (chunk, frame, "offset", occurrence, about, bytes)',
    originals.map(({ chunk, frame, offset, occurrence, about, bytes }) => [
      chunk,
      frame,
      offset,
      occurrence,
      about === undefined ? null : JSON.stringify(about),
      bytes,
    ]),
    "DO NOTHING",
  );
  for (const { chunk, frame } of originals)
    if (frame === damagedFrame) await keepDamaged(transaction, integration, chunk);
}

async function keepDamaged(transaction: StateTransaction, integration: number, chunk: number): Promise<void> {
  // What its long records have beyond the limit stays with what is left of the chunk.
  await transaction.run(
    `UPDATE overlong SET frame = ? WHERE chunk = ? AND NOT EXISTS
      (SELECT 1 FROM exception e WHERE e.chunk = overlong.chunk AND e.frame = overlong.frame AND e.kind = 'dead')`,
    damagedFrame,
    chunk,
  );
  // Where its source is forwarded once more, it is read from its start: what was delivered is known by then.
  await transaction.run(
    "UPDATE cursor SET done = 1 WHERE integration = ? AND source = (SELECT source FROM chunk WHERE id = ?)",
    integration,
    chunk,
  );
}
