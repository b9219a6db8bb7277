import { TributaryError } from "@tributary/schema";
import type { JournalCatalog, JournalRow } from "./journal-catalog.ts";
import { readGeneration } from "./sqlite-control.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

interface StoredRow {
  readonly pos: number;
  readonly events: number;
  readonly size: number;
  readonly created_at: number;
}

/** The journal in SQLite. */
export function sqliteJournal(db: SqliteDatabase): JournalCatalog {
  return {
    append: async (batch) => {
      try {
        return db.transaction(() => {
          if (readGeneration(db) !== batch.generation) return { kind: "moved" } as const;
          for (const { storeId, events, bytes } of batch.entries) {
            db.run(
              "INSERT INTO journal (store_id, events, size, created_at, bytes) VALUES (?, ?, ?, ?, ?)",
              storeId,
              events,
              bytes.byteLength,
              batch.createdAt,
              bytes,
            );
          }
          for (const { channelArn, status } of batch.ingestion) {
            db.run(
              `INSERT INTO ingestion_status (channel_arn, attempt_time, attempt_event_id, success_time, success_event_id, error_code) VALUES (?, ?, ?, ?, ?, ?)
               ON CONFLICT (channel_arn) DO UPDATE SET attempt_time = excluded.attempt_time, attempt_event_id = excluded.attempt_event_id,
                 success_time = COALESCE(excluded.success_time, ingestion_status.success_time),
                 success_event_id = COALESCE(excluded.success_event_id, ingestion_status.success_event_id), error_code = excluded.error_code`,
              channelArn,
              status.attemptTime,
              status.attemptEventId ?? null,
              status.successTime ?? null,
              status.successEventId ?? null,
              status.errorCode ?? null,
            );
          }
          return { kind: "committed" } as const;
        });
      } catch (cause) {
        throw new TributaryError(
          "The journal could not be written; nothing of the batch was acknowledged. Check the disk of the data directory, then send it again.",
          {
            code: "JOURNAL_FAILED",
            retryable: true,
            cause,
          },
        );
      }
    },

    readJournal: async (storeId, limits) => {
      const chosen: StoredRow[] = [];
      let events = 0;
      let bytes = 0;
      // The covering index alone is read here; blobs only of the rows that are taken.
      for (const row of db.all<StoredRow>(
        "SELECT pos, events, size, created_at FROM journal WHERE store_id = ? AND pos > ? ORDER BY pos LIMIT ?",
        storeId,
        limits.after ?? 0,
        limits.maxEvents,
      )) {
        if (chosen.length > 0 && (events + row.events > limits.maxEvents || bytes + row.size > limits.maxBytes)) break;
        chosen.push(row);
        events += row.events;
        bytes += row.size;
      }
      const rows: JournalRow[] = [];
      for (const { pos, events: count, size, created_at } of chosen) {
        const blob = db.get<{ bytes: Uint8Array }>("SELECT bytes FROM journal WHERE pos = ?", pos);
        // Another compactor may have committed it since; this one's commit would fail anyway.
        if (blob !== undefined)
          rows.push({ pos, storeId, events: count, size, bytes: blob.bytes, createdAt: created_at });
      }
      return rows;
    },

    journalBacklog: async () =>
      db
        .all<{ store_id: string; rows: number; events: number; bytes: number; oldest: number }>(
          "SELECT store_id, COUNT(*) AS rows, SUM(events) AS events, SUM(size) AS bytes, MIN(created_at) AS oldest FROM journal GROUP BY store_id",
        )
        .map(({ store_id, ...rest }) => ({ storeId: store_id, ...rest })),
  };
}
