import { TributaryError } from "@tributary/schema";
import type { Catalog } from "../catalog/catalog.ts";
import type { Clock } from "../clock.ts";
import type { Objects } from "../objects/objects.ts";
import type { RebuiltFile } from "./duckdb-rebuild.ts";

export interface RebuildPorts {
  readonly catalog: Pick<Catalog, "snapshot" | "addIntent" | "commit">;
  readonly objects: Pick<Objects, "put" | "stage">;
  readonly rebuild: (path: string) => Promise<RebuiltFile>;
  readonly clock: Clock;
  /** A new UUID. */
  readonly newId: () => string;
  /** Ends the rebuild with its reason; what was rebuilt stays so. */
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((state: Rebuilt) => void) | undefined;
}

export interface Rebuilt {
  /** Files that were looked at, and those of them that were written anew. */
  readonly files: number;
  readonly rebuilt: number;
  /** Rows whose typed columns changed. */
  readonly rows: number;
}

/**
 * Makes the typed columns of a store's files from their text again, file by file, each in a commit of its own, beside a lake that
 * works: a file that a merge, a purge or retention takes first is left to what took it, and what came in its place is looked at.
 */
export async function rebuildStore(ports: RebuildPorts, storeId: string): Promise<Rebuilt> {
  const { catalog, objects, clock, newId } = ports;
  const seen = new Set<string>();
  let done: Rebuilt = { files: 0, rebuilt: 0, rows: 0 };
  for (;;) {
    ports.signal?.throwIfAborted();
    const file = (await catalog.snapshot(storeId)).files.find(({ path }) => !seen.has(path));
    if (file === undefined) return done;
    seen.add(file.path);
    const { changed, written } = await ports.rebuild(await objects.stage(file.path));
    let committed = false;
    if (written !== undefined) {
      if (written.rows !== file.rows)
        throw new TributaryError(
          `The rebuild of a file of store ${storeId} read ${file.rows} events and wrote ${written.rows}; nothing was changed. This is a defect: report it.`,
          { code: "REBUILD_COUNT" },
        );
      const { content, ...record } = written;
      const path = `tables/${storeId}/eventday=${file.eventDay}/${newId()}.parquet`;
      await catalog.addIntent(path, clock.now());
      await objects.put(path, content);
      const { kind } = await catalog.commit({
        storeId,
        kind: "rebuild",
        journalPositions: [],
        addFiles: [{ ...file, ...record, path }],
        removeFiles: [file.path],
        intents: [path],
        createdAt: clock.now(),
      });
      committed = kind === "committed";
      seen.add(path);
    }
    done = {
      files: done.files + 1,
      rebuilt: done.rebuilt + (committed ? 1 : 0),
      rows: done.rows + (committed ? changed : 0),
    };
    ports.progress?.(done);
  }
}
