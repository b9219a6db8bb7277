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
}
