import { TributaryError } from "@tributary/schema";
import type { Catalog } from "../catalog/catalog.ts";
import type { FileRecord } from "../catalog/store-catalog.ts";
import type { Clock } from "../clock.ts";
import type { Objects } from "../objects/objects.ts";
import type { ShredBatch, Shredder } from "./shredder.ts";
import { type TakenRows, takeRows } from "./take-rows.ts";

/** What a compaction needs, and no more. */
export interface CompactionPorts {
  readonly catalog: Pick<Catalog, "snapshot" | "readJournal" | "tombstones" | "addIntent" | "commit">;
  readonly objects: Pick<Objects, "put" | "stage">;
  readonly shredder: Shredder;
  readonly clock: Clock;
  /** A new UUID. */
  readonly newId: () => string;
  /** Told of the journal rows before anything looks into them; answers whether their text may not be parsed. */
  readonly shredding?: ((positions: readonly number[]) => Promise<{ readonly textOnly: boolean }>) | undefined;
}

export interface CompactionLimits {
  readonly maxEvents: number;
  /** Of compressed journal. */
  readonly maxBytes: number;
  readonly maxDays: number;
  readonly maxTextBytes: number;
}

export const compactionLimits: CompactionLimits = {
  maxEvents: 250_000,
  maxBytes: 64 * 1024 ** 2,
  maxDays: 32,
  maxTextBytes: 512 * 1024 ** 2,
};

export type Compaction =
  | { readonly kind: "idle"; readonly damaged: readonly number[] }
  /** Another compactor, a purge or the sweeper came first; nothing changed. Try again from the start. */
  | { readonly kind: "conflict"; readonly reason: string }
  | {
      readonly kind: "compacted";
      readonly events: number;
      readonly stored: number;
      readonly duplicates: number;
      readonly expired: number;
      readonly unshredded: number;
      readonly purged: number;
      readonly damaged: readonly number[];
    };

/**
 * Turns a store's oldest journal rows into table files, one a day, and swaps them in one commit. Any number of compactors of a
 * store may run at once, and any may sleep for a night between two lines here: the commit decides. What was older than
 * `retentionMs` when it was received is counted and not stored; that rests on no clock of now, which may have jumped.
 */
export async function compactStore(
  ports: CompactionPorts,
  storeId: string,
  retentionMs: number | undefined,
  limits: CompactionLimits = compactionLimits,
): Promise<Compaction> {
  const { catalog, objects, shredder, clock, newId } = ports;
  // The basis is read before the duplicate check that rests on it, and before the tombstones.
  const snapshot = await catalog.snapshot(storeId);
  const taken = await takeUsable(catalog, storeId, limits);
  if (taken.positions.length === 0) return { kind: "idle", damaged: taken.damaged };
  const batch = await shredder.load(taken.blobs, await ports.shredding?.(taken.positions));
  try {
    const expired = retentionMs === undefined ? 0 : await batch.dropExpired(retentionMs);
    const purged = await dropPurged(batch, catalog, storeId);
    const duplicates = (await batch.dropDuplicates()) + (await dropHeld(batch, objects, snapshot.files));
    const addFiles: FileRecord[] = [];
    let unshredded = 0;
    for (const eventDay of await batch.days()) {
      const { content, unshredded: count, ...record } = await batch.write(eventDay);
      const path = `tables/${storeId}/eventday=${eventDay}/${newId()}.parquet`;
      // Announced before it is written, so that the sweeper knows of it whatever becomes of this compactor.
      await catalog.addIntent(path, clock.now());
      await objects.put(path, content);
      addFiles.push({ path, storeId, eventDay, ...record });
      unshredded += count;
    }
    const stored = addFiles.reduce((sum, { rows }) => sum + rows, 0);
    const events = stored + duplicates + expired + purged;
    if (events !== taken.events) {
      throw new TributaryError(
        `Compaction of store ${storeId} read ${taken.events} events and accounts for ${events}; nothing was changed. This is a defect: report it.`,
        {
          code: "COMPACTION_COUNT",
        },
      );
    }
    const committed = await catalog.commit({
      storeId,
      kind: "compaction",
      journalPositions: taken.positions,
      addFiles,
      removeFiles: [],
      intents: addFiles.map(({ path }) => path),
      basis: snapshot.contentVersion,
      counts: { stored, duplicate: duplicates, expired, unshredded, purged },
      createdAt: clock.now(),
    });
    if (committed.kind === "conflict") return committed;
    return { kind: "compacted", events, stored, duplicates, expired, unshredded, purged, damaged: taken.damaged };
  } finally {
    await batch.close();
  }
}

/** The oldest rows that can be read; damaged ones before them stay where they are and hold up nothing. */
async function takeUsable(
  catalog: CompactionPorts["catalog"],
  storeId: string,
  limits: CompactionLimits,
): Promise<TakenRows> {
  const damaged: number[] = [];
  for (let after = 0; ; after = damaged.at(-1)!) {
    const taken = takeRows(await catalog.readJournal(storeId, { ...limits, after }), limits);
    damaged.push(...taken.damaged);
    if (taken.positions.length > 0 || taken.damaged.length === 0) return { ...taken, damaged };
  }
}

/** An event that was purged does not come back, whoever sends it again. */
async function dropPurged(batch: ShredBatch, catalog: Pick<Catalog, "tombstones">, storeId: string): Promise<number> {
  const range = await batch.idRange();
  const eventIds = range === undefined ? [] : await catalog.tombstones(storeId, range.from, range.to);
  return eventIds.length === 0 ? 0 : await batch.dropPurged(eventIds);
}

async function dropHeld(
  batch: ShredBatch,
  objects: Pick<Objects, "stage">,
  files: readonly FileRecord[],
): Promise<number> {
  const overlapping = await batch.overlapping(files);
  if (overlapping.length === 0) return 0;
  const paths: string[] = [];
  for (const { path } of overlapping) paths.push(await objects.stage(path));
  return await batch.dropHeld(paths);
}
