import { open, rename, rm } from "node:fs/promises";
import { TributaryError } from "@tributary/schema";
import { CareProcess } from "../care/care-process.ts";
import { keepRemovedFiles } from "../care/sweep.ts";
import { systemClock } from "../clock.ts";
import { exportStore } from "../export/export-store.ts";
import { openDirectoryObjects } from "../objects/directory-objects.ts";
import { type DataDirectory, lockDataDirectory } from "../serve/data-directory.ts";
import { type CommandIo, type CommandValues, UsageError, required } from "./command.ts";
import { openLake } from "./open-lake.ts";
import { stopSignal } from "./stop-signal.ts";
import { showProgress } from "./show-progress.ts";

const dayMs = 86_400_000;

/** `export`: the events of a store, to a file that is there when it is whole, or to standard output. */
export async function exportCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const storeId = required(values, "store");
  const from = timeOf(values, "from") ?? -Infinity;
  const to = timeOf(values, "to") ?? Infinity;
  const signal = stopSignal(io, "export");
  const { directory, catalog } = await openLake(required(values, "data"));
  const { show, clear } = showProgress(io);
  const { out } = values;
  const part = out === undefined ? undefined : `${out}.part`;
  try {
    const store = (await catalog.readControl()).stores.get(storeId);
    if (!store)
      throw new TributaryError(`There is no event data store ${storeId}.`, { code: "EVENT_DATA_STORE_NOT_FOUND" });
    // One that is there, or a link, would keep its owner and its mode: the events are for whoever exports them alone.
    if (part !== undefined) await rm(part, { force: true });
    const file = part === undefined ? undefined : await open(part, "wx", 0o600);
    const stopCare = careHere(directory);
    let events: number;
    try {
      events = await exportStore({
        catalog,
        objects: await openDirectoryObjects({ directory: directory.objects }),
        clock: systemClock,
        storeId,
        // What retention has passed no query sees, and no export.
        from: Math.max(from, systemClock.now() - store.retentionPeriod * dayMs),
        to,
        write: async (lines) => {
          if (file) await file.writeFile(lines);
          else await written(io, lines);
        },
        signal,
        progress: (state) => show(`${state.events} events`),
      });
      await file?.sync();
    } finally {
      await stopCare();
      await file?.close();
    }
    if (part !== undefined && out !== undefined) await rename(part, out);
    clear();
    const done = values.json ? JSON.stringify({ event: "exported", storeId, events }) : `exported ${events} events`;
    io.stderr.write(`${done}\n`);
    return 0;
  } catch (error) {
    if (part !== undefined) await rm(part, { force: true });
    throw error;
  } finally {
    clear();
    await catalog.close();
  }
}

/** Compaction by this process, where no lake serves the directory. Answers what stops it. */
function careHere(directory: DataDirectory): () => Promise<void> {
  let unlock: () => void;
  try {
    unlock = lockDataDirectory(directory);
  } catch (error) {
    if (error instanceof TributaryError && error.code === "DATA_DIRECTORY_IN_USE") return () => Promise.resolve();
    throw error;
  }
  const care = new CareProcess({ data: directory.path, removedFileMs: keepRemovedFiles.removedFileMs });
  return async () => {
    await care.close();
    unlock();
  };
}

/** A reader that went away ends the export: it would otherwise wait for ever. */
async function written({ stdout }: CommandIo, lines: string): Promise<void> {
  if (stdout.write(lines) !== false || stdout.once === undefined) return;
  await new Promise<void>((resolve, reject) => {
    stdout.once?.("drain", resolve);
    stdout.once?.("close", () => reject(new Error("The reader of the export went away.")));
  });
}

function timeOf(values: CommandValues, name: "from" | "to"): number | undefined {
  const given = values[name];
  if (given === undefined) return undefined;
  const time = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z)?$/.test(given) ? Date.parse(given) : Number.NaN;
  if (Number.isNaN(time))
    throw new UsageError(`--${name} must be a time of UTC such as 2026-01-31 or 2026-01-31T12:00:00Z.`);
  return time;
}
