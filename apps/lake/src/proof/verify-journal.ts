import type { Catalog } from "../catalog/catalog.ts";
import type { JournalRow } from "../catalog/journal-catalog.ts";
import { unpackEvents } from "../journal/journal-line.ts";
import { messageOf } from "../message-of.ts";
import type { Report } from "./problem.ts";

const page = { maxEvents: 100_000, maxBytes: 32 * 1024 ** 2 };

/** Unpacks every row of a store's journal. zstd's checksum covers what it holds. Answers the events it read. */
export async function verifyJournal(
  catalog: Pick<Catalog, "readJournal">,
  storeId: string,
  report: Report,
): Promise<number> {
  let events = 0;
  for (let after = 0; ;) {
    const rows = await catalog.readJournal(storeId, { ...page, after });
    if (rows.length === 0) return events;
    for (const row of rows) {
      const what = faultOf(row);
      if (what !== undefined)
        report({
          kind: "journal-row-damaged",
          where: `journal row ${row.pos} of store ${storeId}`,
          what,
          since: row.createdAt,
        });
      events += row.events;
    }
    after = rows.at(-1)!.pos;
  }
}

function faultOf({ bytes, size, events }: JournalRow): string | undefined {
  if (size !== bytes.byteLength) return `it has ${bytes.byteLength} bytes, and its row says ${size}`;
  try {
    const found = unpackEvents(bytes);
    if (found.length !== events) return `it holds ${found.length} events, and its row says ${events}`;
    const bad = found.findIndex(
      ({ eventid, eventtime, eventdata }) =>
        typeof eventid !== "string" || !Number.isSafeInteger(eventtime) || typeof eventdata !== "string",
    );
    return bad === -1 ? undefined : `event ${bad + 1} of it is none`;
  } catch (error) {
    return messageOf(error);
  }
}
