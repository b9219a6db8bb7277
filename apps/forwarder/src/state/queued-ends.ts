import { decodeFrames, decodeResults } from "./chunk-codec.ts";
import { blob } from "./column.ts";
import { damageCode, undamaged } from "./damage.ts";
import { endNames, type RecordEnd, whose } from "./record-end.ts";
import type { Row, StateReads } from "./state-database.ts";
import { states } from "./store.ts";

/** Records of chunks that are not settled as a whole; dead and dropped ones among them are exceptions already. */
export async function* queuedEnds(
  reads: StateReads,
  integration: Row,
  fits: (end: RecordEnd) => boolean,
  at?: { readonly source: string; readonly offset: number },
): AsyncGenerator<RecordEnd, void, void> {
  const chunks = await reads.all(
    "SELECT id, source, first_offset, last_offset FROM chunk WHERE open <> 0 AND integration = ? ORDER BY id",
    Number(integration["id"]),
  );
  for (const chunk of chunks) {
    if (at !== undefined && chunk["source"] !== at.source) continue;
    const row = await reads.get(
      `SELECT s.frames, m.results, p.states, s.chunk AS spool_chunk, m.chunk AS mapped_chunk FROM chunk c
          JOIN spool s ON s.chunk = coalesce(c.spool, c.id) LEFT JOIN mapped m ON m.chunk = c.id
          LEFT JOIN progress p ON p.chunk = c.id WHERE c.id = ?`,
      Number(chunk["id"]),
    );
    const stored = blob(row?.["results"]);
    const frames = undamaged(() => decodeFrames(blob(row?.["frames"]) ?? new Uint8Array()));
    const results = stored && undamaged(() => decodeResults(stored));
    const ends = blob(row?.["states"]);
    const place = { ...whose(integration), source: String(chunk["source"]) };
    if (results === undefined && (frames === undefined || stored !== undefined)) {
      const message =
        "What the state holds of its chunk is damaged: the next delivery maps it again, or sets it aside as dead.";
      if (at !== undefined && Number(chunk["first_offset"]) <= at.offset && at.offset <= Number(chunk["last_offset"]))
        yield { ...place, end: "queued", offset: at.offset, code: damageCode, message };
      continue;
    }
    if (results === undefined || ends === undefined) {
      for (const { offset } of frames ?? []) {
        const end: RecordEnd = { ...place, end: "queued", offset };
        if (fits(end)) yield end;
      }
      continue;
    }
    for (const [record, { frame, result }] of results.entries()) {
      const state = endNames[ends[record] ?? states.queued]!;
      if (state === "dead" || state === "dropped") continue;
      const eventId = result.kind === "event" ? result.id : undefined;
      const end: RecordEnd = { ...place, end: state, eventId, offset: frames?.[frame]?.offset };
      if (fits(end)) yield end;
    }
  }
}
