import { backupLake } from "../backup/backup-lake.ts";
import { restoreLake } from "../backup/restore-lake.ts";
import { systemClock } from "../clock.ts";
import { openDirectoryObjects } from "../objects/directory-objects.ts";
import { type CommandIo, type CommandValues, required } from "./command.ts";
import { openLake } from "./open-lake.ts";
import { stopSignal } from "./stop-signal.ts";
import { showProgress } from "./show-progress.ts";

/** `backup`: of a lake that may be running. */
export async function backupCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const to = required(values, "to");
  const signal = stopSignal(io, "backup");
  const { directory, catalog } = await openLake(required(values, "data"));
  const { show, clear } = showProgress(io);
  try {
    const done = await backupLake({
      directory,
      catalog,
      objects: await openDirectoryObjects({ directory: directory.objects }),
      to,
      clock: systemClock,
      signal,
      progress: ({ objects, bytes }) => show(`${objects} objects, ${megabytes(bytes)}`),
    });
    clear();
    const { objects, bytes, copied, copiedBytes, pruned } = done;
    io.stdout.write(
      values.json
        ? `${JSON.stringify({ event: "backed-up", to, ...done })}\n`
        : `backed up to ${to}: ${objects} objects, ${megabytes(bytes)}, of which ${copied} were copied (${megabytes(copiedBytes)}); ${pruned} files that are no more part of it were deleted\nThe master key is not in it: keep it elsewhere.\n`,
    );
    return 0;
  } finally {
    clear();
    await catalog.close();
  }
}

/** `restore`: makes a new data directory of a backup. */
export async function restoreCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const from = required(values, "from");
  const data = required(values, "data");
  const signal = stopSignal(io, "restore");
  const { show, clear } = showProgress(io);
  try {
    const done = await restoreLake({
      from,
      data,
      clock: systemClock,
      signal,
      progress: ({ objects, bytes }) => show(`${objects} objects, ${megabytes(bytes)}`),
    });
    clear();
    const { begun, stores, objects, bytes, waiting } = done;
    io.stdout.write(
      values.json
        ? `${JSON.stringify({ event: "restored", data, ...done })}\n`
        : `restored to ${data}: ${stores} stores, ${objects} objects, ${megabytes(bytes)}, ${waiting} events in the journal, as of ${begun}\nPut the lake's master.key into it, or name the key with --master-key-file.\n`,
    );
    return 0;
  } finally {
    clear();
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
