import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { TributaryError } from "@tributary/schema";
import { Care } from "../care/care.ts";
import { keepRemovedFiles } from "../care/sweep.ts";
import type { SqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { systemClock } from "../clock.ts";
import { openDuckDBShredder } from "../compactor/duckdb-shredder.ts";
import { openDirectoryObjects } from "../objects/directory-objects.ts";
import { duckDBCheckpointWriter } from "../publish/duckdb-checkpoint-writer.ts";
import { abandonQueries } from "../query/abandon-queries.ts";
import { ResultStore } from "../query/result-store.ts";
import type { DataDirectory } from "../serve/data-directory.ts";

export interface Purger {
  /** Cares for the lake until the purge is done, or the signal aborts. */
  run(purgeId: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Events of care's log after which no purge ends. */
const blocking: ReadonlySet<string> = new Set([
  "purge-failed",
  "compaction-failed",
  "journal-rows-damaged",
  "publication-failed",
]);

/** Care in this process, for a lake that nobody serves: the caller holds the lock of the data directory. */
export async function openPurger(directory: DataDirectory, catalog: SqliteCatalog): Promise<Purger> {
  const objects = await openDirectoryObjects({ directory: directory.objects });
  const shredder = await openDuckDBShredder({
    workDirectory: join(directory.path, "work"),
    threads: 1,
    memoryBytes: 512 * 1024 ** 2,
  });
  const faults: unknown[] = [];
  const care = new Care({
    catalog,
    objects,
    shredder,
    checkpoints: duckDBCheckpointWriter({ workDirectory: join(directory.path, "work") }),
    clock: systemClock,
    newId: randomUUID,
    holder: "care",
    sweepGrace: keepRemovedFiles,
    log: (entry) => {
      const { event, message } = entry;
      if (blocking.has(String(event))) faults.push(message ?? event);
    },
  });
  return {
    run: async (purgeId, signal) => {
      await abandonQueries({ catalog, results: new ResultStore(objects), clock: systemClock });
      while (!signal.aborted) {
        const purge = (await catalog.purges()).find((each) => each.purgeId === purgeId);
        if (purge === undefined || purge.stage === "done") break;
        if (!(await care.step())) await wait(50);
        if (faults.length > 0)
          throw new TributaryError(
            `The purge is not done: ${String(faults[0])}. The order stands: mend that, and the lake goes on with it while it serves.`,
            { code: "PURGE_NOT_DONE", retryable: true },
          );
      }
    },
    close: async () => {
      await care.settled();
      await shredder.close();
    },
  };
}
