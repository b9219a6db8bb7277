import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { eventId } from "@tributary/schema";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import type { FileRecord } from "../src/catalog/store-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { compactStore } from "../src/compactor/compact-store.ts";
import { openDuckDBShredder } from "../src/compactor/duckdb-shredder.ts";
import { mergeStore } from "../src/compactor/merge-store.ts";
import { RunPacker } from "../src/journal/journal-run.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";
import { accountId, type StoreAndChannel } from "./bench-lake.ts";
import { type EventSeries, syntheticEvent } from "./synthetic-event.ts";

export interface Filled {
  readonly files: readonly FileRecord[];
  /** Bytes of eventData as received. */
  readonly textBytes: number;
  /** Bytes of journal rows. */
  readonly journalBytes: number;
  /** Seconds of compaction, and of merges after it. */
  readonly compactSeconds: number;
  readonly mergeSeconds: number;
  /** Bytes of the table files before their days were packed, and the seconds that took. */
  readonly compactedBytes: number;
  readonly packSeconds: number;
  /** Processor time of the three, in seconds. */
  readonly processorSeconds: { readonly compact: number; readonly merge: number; readonly pack: number };
}

/** A clock by which no day of the series is over. */
const before = ({ startSeconds }: EventSeries) => ({ ...systemClock, now: () => startSeconds * 1000 });

const perJournalRow = 10_000;
const journalRows = 25;

/**
 * Puts events `from` to `to` of the series into a store of a stopped lake: through its journal, its compactor and its merges, but
 * not through HTTP.
 */
export async function fillStore(
  folder: string,
  { storeId, channelArn }: Pick<StoreAndChannel, "storeId" | "channelArn">,
  series: EventSeries,
  from: number,
  to: number,
): Promise<Filled> {
  const catalog = await openSqliteCatalog({ file: join(folder, "catalog.sqlite"), clock: systemClock });
  const objects = await openDirectoryObjects({ directory: join(folder, "objects") });
  const shredder = await openDuckDBShredder({
    workDirectory: join(folder, "work"),
    threads: Math.max(1, Math.floor(availableParallelism() / 2)),
    memoryBytes: 1024 ** 3,
  });
  const ports = { catalog, objects, shredder, clock: systemClock, newId: randomUUID };
  const packer = new RunPacker();
  const seconds = { compact: 0, merge: 0, pack: 0 };
  const processorSeconds = { ...seconds };
  let textBytes = 0;
  let journalBytes = 0;
  const timed = async (part: keyof typeof seconds, work: () => Promise<{ readonly kind: string }>): Promise<void> => {
    const began = performance.now();
    const used = process.cpuUsage();
    while ((await work()).kind !== "idle");
    const { user, system } = process.cpuUsage(used);
    seconds[part] += (performance.now() - began) / 1000;
    processorSeconds[part] += (user + system) / 1e6;
  };
  try {
    const generation = await catalog.generation();
    for (let start = from, rows = 0; start < to; start += perJournalRow) {
      const end = Math.min(to, start + perJournalRow);
      const run = runOf(channelArn, series, start, end);
      for (const text of run.eventdatas) textBytes += text.length;
      const packed = packer.pack([run]);
      journalBytes += packed.bytes.length;
      await catalog.append({ generation, entries: [{ storeId, ...packed }], ingestion: [], createdAt: Date.now() });
      if (++rows % journalRows === 0 || end === to)
        await timed("compact", () => compactStore(ports, storeId, undefined));
    }
    await timed("merge", () => mergeStore({ ...ports, clock: before(series) }, storeId));
    const compacted = (await catalog.snapshot(storeId)).files.reduce((sum, file) => sum + file.bytes, 0);
    // The last days are taken to be over, as nearly all days of a store are.
    const later = { ...systemClock, now: () => systemClock.now() + 10 * 86_400_000 };
    await timed("pack", () => mergeStore({ ...ports, clock: later }, storeId));
    const { files } = await catalog.snapshot(storeId);
    catalog.checkpoint();
    return {
      files,
      compactedBytes: compacted,
      packSeconds: seconds.pack,
      textBytes,
      journalBytes,
      compactSeconds: seconds.compact,
      mergeSeconds: seconds.merge,
      processorSeconds,
    };
  } finally {
    await shredder.close();
    await catalog.close();
  }
}

function runOf(channelArn: string, series: EventSeries, start: number, end: number) {
  const run = {
    ingestiontime: Date.now(),
    channelarn: channelArn,
    awsregion: "us-east-1",
    recipientaccountid: accountId,
    eventids: [] as string[],
    eventtimes: [] as number[],
    eventdatas: [] as string[],
  };
  for (let n = start; n < end; n++) {
    const eventData = syntheticEvent(n, series);
    const eventTimeSeconds = series.startSeconds + Math.floor(n / series.perSecond);
    run.eventids.push(eventId({ channelArn, id: `bench-${n}`, eventData, eventTimeSeconds }));
    run.eventtimes.push(1000 * eventTimeSeconds);
    run.eventdatas.push(eventData);
  }
  return run;
}
