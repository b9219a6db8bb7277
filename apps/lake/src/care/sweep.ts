import type { Catalog } from "../catalog/catalog.ts";
import type { Clock } from "../clock.ts";
import type { Objects } from "../objects/objects.ts";
import { deletedFileRetentionMs } from "../publish/delta-version.ts";

export interface SweepPorts {
  readonly catalog: Pick<Catalog, "takeOldIntents" | "removableFiles" | "forgetFiles">;
  readonly objects: Pick<Objects, "delete">;
  readonly clock: Clock;
}

export interface SweepGrace {
  /** Age at which an intent's writer is given up. Its commit aborts, should it still come. */
  readonly intentMs: number;
  /** How long a removed file stays after its removal was published, for readers of the published table. */
  readonly removedFileMs: number;
}

export const sweepGrace: SweepGrace = { intentMs: 3_600_000, removedFileMs: deletedFileRetentionMs };

/** For care by a command, which does not know how long the lake keeps removed files: the lake sweeps them when it serves again. */
export const keepRemovedFiles: SweepGrace = { ...sweepGrace, removedFileMs: Number.MAX_SAFE_INTEGER };

/**
 * Deletes the objects that nothing needs: those announced and never committed, and those whose removal
 * readers of the published table have had time to see. The catalog lets go of them
 * first, in its own transaction; a sweeper that dies in between deletes them the next time. Answers how many it deleted.
 */
export async function sweep({ catalog, objects, clock }: SweepPorts, grace: SweepGrace = sweepGrace): Promise<number> {
  const abandoned = await catalog.takeOldIntents(clock.now() - grace.intentMs);
  const removed = await catalog.removableFiles(clock.now() - grace.removedFileMs);
  const paths = [...abandoned, ...removed];
  for (const path of paths) await objects.delete(path);
  if (paths.length > 0) await catalog.forgetFiles(paths);
  return paths.length;
}
