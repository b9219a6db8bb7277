import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { TributaryError } from "@tributary/schema";
import type { Catalog } from "../catalog/catalog.ts";
import type { FileRecord } from "../catalog/store-catalog.ts";
import type { Clock } from "../clock.ts";
import { literal } from "../compactor/duckdb-session.ts";
import type { Objects } from "../objects/objects.ts";

export interface ExportOptions {
  readonly catalog: Pick<Catalog, "pinStores" | "readyPin" | "extendPin" | "unpin" | "tombstones">;
  readonly objects: Pick<Objects, "stage">;
  readonly clock: Clock;
  readonly storeId: string;
  /** Of eventTime, ms since 1970: from this one on, and before that one. */
  readonly from: number;
  readonly to: number;
  /** Takes lines of NDJSON; awaited, so that a slow reader holds the export and not the memory. */
  readonly write: (lines: string) => Promise<void>;
  /** Ends the export with its reason. */
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((state: { readonly events: number }) => void) | undefined;
}

const pinMs = 3_600_000;
const beatMs = 60_000;

/**
 * Writes a store's events, file by file in the order of their days, each once, as one line of JSON with the text that was received.
 * Everything acknowledged before is in it: it waits until compaction has taken the journal. An event whose purge was ordered before
 * its file is read is left out, though the file may still hold it. Answers how many events.
 * Throws `EXPORT_INCOMPLETE` (retryable), and the signal's reason.
 */
export async function exportStore(options: ExportOptions): Promise<number> {
  const { catalog, clock, storeId, from, to } = options;
  const pinId = `export/${randomUUID()}`;
  const now = clock.now();
  await catalog.pinStores(pinId, [storeId], { now, until: now + pinMs, drain: true });
  const beat = setInterval(() => void catalog.extendPin(pinId, clock.now() + pinMs).catch(() => undefined), beatMs);
  try {
    let ready = await catalog.readyPin(pinId);
    while (ready.kind === "waiting") {
      options.signal?.throwIfAborted();
      await wait(50);
      ready = await catalog.readyPin(pinId);
    }
    const files = ready.snapshots
      .flatMap((snapshot) => snapshot.files)
      .filter((file) => file.maxEventTime >= from && file.minEventTime < to)
      .toSorted((x, y) => x.minEventTime - y.minEventTime || (x.path < y.path ? -1 : 1));
    let events = 0;
    for (const file of files) {
      events += await exportFile(options, file);
      options.progress?.({ events });
    }
    if (await catalog.extendPin(pinId, clock.now() + pinMs)) return events;
    throw incomplete("the hold on its files ended: the machine slept, or its clock jumped");
  } finally {
    clearInterval(beat);
    await catalog.unpin(pinId).catch(() => undefined);
  }
}

async function exportFile(
  { catalog, objects, storeId, from, to, write, signal }: ExportOptions,
  file: FileRecord,
): Promise<number> {
  const purged = new Set(await catalog.tombstones(storeId, file.minEventId, file.maxEventId));
  const instance = await DuckDBInstance.create(":memory:", { threads: "1", memory_limit: "512MiB" });
  const connection = await instance.connect();
  try {
    const result = await connection.stream(
      `SELECT eventid, epoch_ms(eventtime), metadata.ingestiontime, metadata.channelarn, awsregion, recipientaccountid, eventdata_text
       FROM read_parquet(${literal(await objects.stage(file.path))}, hive_partitioning = false)`,
    );
    let read = 0;
    let events = 0;
    for (;;) {
      signal?.throwIfAborted();
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      let lines = "";
      for (const [eventID, time, ingestion, channelArn, awsRegion, recipientAccountId, eventData] of chunk.getRows()) {
        read += 1;
        const eventTime = Number(time);
        if (eventTime < from || eventTime >= to || purged.has(String(eventID))) continue;
        events += 1;
        lines += `${JSON.stringify({
          eventID,
          eventTime: new Date(eventTime).toISOString(),
          ingestionTime: `${String(ingestion)}Z`,
          channelArn,
          awsRegion,
          recipientAccountId,
          eventData,
        })}\n`;
      }
      if (lines !== "") await write(lines);
    }
    // A stream of DuckDB that fails after its first rows just ends.
    if (read !== file.rows) throw incomplete(`${file.path} gave ${read} of its ${file.rows} events`);
    return events;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function incomplete(why: string): TributaryError {
  return new TributaryError(
    `The export is not whole: ${why}. Export again; if it fails again, run tributary-lake verify.`,
    {
      code: "EXPORT_INCOMPLETE",
      retryable: true,
    },
  );
}
