import { blob } from "./column.ts";
import type { QueuedCopy } from "./queued-copy.ts";
import type { StateTransaction } from "./state-database.ts";
import type { Changes } from "./store.ts";

/** Writes what records longer than the limit have beyond it, and gives it to the frames that claim it. @param reader who reads it */
export async function writeOverlong(
  transaction: StateTransaction,
  reader: number,
  { overlongOf = [], overlongDone, overlong }: Changes,
  copies: readonly QueuedCopy[],
): Promise<void> {
  // Each destination has dead letters of its own.
  const claims = overlongOf.flatMap((claim) => {
    const own = copies.filter(({ spooled }) => spooled.id === claim.chunk);
    return own.length === 0 ? [claim] : own.map(({ id }) => ({ ...claim, chunk: id }));
  });
  for (const { chunk, frame, from, end } of claims) {
    const pieces = await transaction.all(
      `SELECT position FROM overlong_intake
          WHERE integration = ? AND position < ? AND position + length(bytes) > ? ORDER BY position`,
      reader,
      end,
      from,
    );
    for (const piece of pieces) {
      const position = Number(piece["position"]);
      const skip = Math.max(from - position, 0);
      // Not within the database: what is sealed can only be cut here.
      const row = await transaction.get(
        "SELECT bytes FROM overlong_intake WHERE integration = ? AND position = ?",
        reader,
        position,
      );
      const bytes = blob(row?.["bytes"])?.subarray(skip, end - position) ?? new Uint8Array();
      if (bytes.length === 0) continue;
      await transaction.insert(
        "overlong (chunk, frame, position, bytes)",
        [[chunk, frame, position + skip, bytes]],
        "(chunk, frame, position) DO UPDATE SET bytes = excluded.bytes",
      );
    }
  }
  if (overlongDone !== undefined)
    await transaction.run("DELETE FROM overlong_intake WHERE integration = ? AND position < ?", reader, overlongDone);
  await transaction.insert(
    "overlong_intake (integration, position, bytes)",
    (overlong ?? []).map(({ position, bytes }) => [reader, position, bytes]),
    "(integration, position) DO UPDATE SET bytes = excluded.bytes",
  );
}
