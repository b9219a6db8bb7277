import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { TributaryError } from "@tributary/schema";
import type { PurgeRecord } from "../catalog/purge-catalog.ts";
import type { SqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { systemClock } from "../clock.ts";
import { changeControl } from "../control/change-control.ts";
import { ControlView } from "../control/control-view.ts";
import { openPurger } from "../purge/open-purger.ts";
import { parseEventIds } from "../purge/parse-event-ids.ts";
import { type DataDirectory, lockDataDirectory } from "../serve/data-directory.ts";
import { type CommandIo, type CommandValues, readText, required } from "./command.ts";
import { openLake } from "./open-lake.ts";
import { showProgress } from "./show-progress.ts";

/** What a purge waits for or does, by its stage. */
const doing: Readonly<Record<PurgeRecord["stage"], string>> = {
  journal: "compacting the journal",
  files: "rewriting files",
  queries: "stopping queries, exports and backups that read it, and deleting results",
  objects: "deleting objects",
  log: "emptying the catalog's log",
  done: "done",
};

const unreachable =
  "Not reached: backups, exports, results that were delivered elsewhere, replicas and snapshots of the disk, and what the disk itself keeps of deleted files.";

/** `store purge`: ends a store that was deleted, without waiting for the seven days. */
export async function storePurgeCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const storeId = required(values, "store");
  return await ordered(values, io, async (catalog, purgeId) => {
    await changeControl(
      catalog,
      async () => new ControlView(await catalog.readControl()),
      ({ state }) => {
        const store = state.stores.get(storeId);
        if (!store) throw storeNotFound(storeId);
        if (store.status !== "PENDING_DELETION")
          throw new TributaryError(
            `The event data store ${storeId} is ${store.status}. Only a deleted one is purged: call DeleteEventDataStore first.`,
            { code: "STORE_NOT_DELETED" },
          );
        const reason = "An event data store of the query was deleted.";
        return { changes: [{ kind: "deleteStore", storeId, purgeId, reason }], output: undefined };
      },
    );
  });
}

/** `events purge`: takes events away by their eventIDs, for good. */
export async function eventsPurgeCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const storeId = required(values, "store");
  const file = required(values, "event-ids");
  const eventIds = parseEventIds(readText(file), file);
  return await ordered(values, io, async (catalog, purgeId) => {
    const order = { purgeId, storeId, eventIds, createdAt: systemClock.now() };
    if (!(await catalog.orderEventPurge(order))) throw storeNotFound(storeId);
  });
}

/** `purge list`: what was ordered, and how far it is. */
export async function purgeListCommand(values: CommandValues, io: CommandIo): Promise<number> {
  const { catalog } = await openLake(required(values, "data"));
  try {
    for (const purge of await catalog.purges())
      io.stdout.write(values.json ? `${JSON.stringify(purge)}\n` : `${line(purge)}\n`);
    return 0;
  } finally {
    await catalog.close();
  }
}

/** Records an order and waits until it is done: by the lake that serves, or by this process where none does. */
async function ordered(
  values: CommandValues,
  io: CommandIo,
  order: (catalog: SqliteCatalog, purgeId: string) => Promise<void>,
): Promise<number> {
  const { directory, catalog } = await openLake(required(values, "data"));
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) io.once(signal, () => stop.abort());
  const { show, clear } = showProgress(io);
  try {
    const purgeId = randomUUID();
    await order(catalog, purgeId);
    const find = async (): Promise<PurgeRecord> => {
      const found = (await catalog.purges()).find((each) => each.purgeId === purgeId);
      if (found !== undefined) return found;
      throw new TributaryError("The event data store itself was purged meanwhile. purge list shows how far that is.", {
        code: "PURGE_SUPERSEDED",
      });
    };
    let purge = await find();
    while (purge.stage !== "done" && !stop.signal.aborted) {
      show(doing[purge.stage]);
      await purgeHere(directory, catalog, purgeId, stop.signal);
      await wait(100, undefined, { signal: stop.signal }).catch(() => undefined);
      purge = await find();
    }
    clear();
    const done = purge.stage === "done";
    io.stdout.write(
      values.json
        ? `${JSON.stringify({ event: done ? "purged" : "ordered", ...purge, ...(done && { unreachable }) })}\n`
        : `${line(purge)}\n${done ? unreachable : "The order stands: the lake goes on with it while it serves."}\n`,
    );
    return done ? 0 : 1;
  } finally {
    await catalog.close();
  }
}

/** Works at the purge until it is done, if no lake serves the directory. */
async function purgeHere(
  directory: DataDirectory,
  catalog: SqliteCatalog,
  purgeId: string,
  signal: AbortSignal,
): Promise<void> {
  let unlock: () => void;
  try {
    unlock = lockDataDirectory(directory);
  } catch (error) {
    if (error instanceof TributaryError && error.code === "DATA_DIRECTORY_IN_USE") return;
    throw error;
  }
  try {
    const purger = await openPurger(directory, catalog);
    try {
      await purger.run(purgeId, signal);
    } finally {
      await purger.close();
    }
  } finally {
    unlock();
  }
}

function line({ purgeId, storeId, scope, stage, eventIds, rows, files, results }: PurgeRecord): string {
  const what = scope === "store" ? `store ${storeId}` : `${eventIds} eventIDs of store ${storeId}`;
  return `${purgeId}  ${what}: ${doing[stage]}; ${rows} events, ${files} files, ${results} queries`;
}

function storeNotFound(storeId: string): TributaryError {
  return new TributaryError(`There is no event data store ${storeId}.`, { code: "EVENT_DATA_STORE_NOT_FOUND" });
}
