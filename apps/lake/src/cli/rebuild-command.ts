import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { TributaryError } from "@tributary/schema";
import { systemClock } from "../clock.ts";
import { duckDBRebuild } from "../compactor/duckdb-rebuild.ts";
import { rebuildStore } from "../compactor/rebuild-store.ts";
import { openDirectoryObjects } from "../objects/directory-objects.ts";
import { type CommandIo, type CommandValues, UsageError, required } from "./command.ts";
import { openLake } from "./open-lake.ts";
import { stopSignal } from "./stop-signal.ts";
import { showProgress } from "./show-progress.ts";

/** `rebuild`: makes typed columns of the text again, whether or not a lake serves the directory. */
export async function rebuildCommand(values: CommandValues, io: CommandIo): Promise<number> {
  if ((values.store === undefined) === (values.all !== true))
    throw new UsageError("rebuild takes --store ID or --all.");
  const signal = stopSignal(io, "rebuild");
  const { directory, catalog } = await openLake(required(values, "data"));
  // A start of the lake deletes what a killed command left there.
  const work = join(directory.path, "work", `rebuild-${randomUUID()}`);
  const { show, clear } = showProgress(io);
  try {
    const { stores } = await catalog.readControl();
    if (values.store !== undefined && !stores.has(values.store))
      throw new TributaryError(`There is no event data store ${values.store}.`, { code: "EVENT_DATA_STORE_NOT_FOUND" });
    const objects = await openDirectoryObjects({ directory: directory.objects });
    const resources = { directory: work, threads: 1, memoryBytes: 512 * 1024 ** 2 };
    for (const storeId of values.store === undefined ? stores.keys() : [values.store]) {
      const done = await rebuildStore(
        {
          catalog,
          objects,
          rebuild: (path) => duckDBRebuild(resources, path),
          clock: systemClock,
          newId: randomUUID,
          signal,
          progress: ({ files, rebuilt }) => show(`${storeId}: ${files} files, ${rebuilt} rebuilt`),
        },
        storeId,
      );
      clear();
      io.stdout.write(
        values.json
          ? `${JSON.stringify({ event: "rebuilt", storeId, ...done })}\n`
          : `${storeId}: ${done.files} files, ${done.rebuilt} rebuilt, ${done.rows} rows differed\n`,
      );
    }
    return 0;
  } finally {
    clear();
    await rm(work, { recursive: true, force: true });
    await catalog.close();
  }
}
