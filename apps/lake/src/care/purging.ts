import type { Catalog } from "../catalog/catalog.ts";
import type { PurgeRecord } from "../catalog/purge-catalog.ts";
import type { Clock } from "../clock.ts";
import { purgeFile, type PurgeFilePorts } from "../compactor/purge-file.ts";
import { messageOf } from "../message-of.ts";
import type { Objects } from "../objects/objects.ts";
import { unpublishStore } from "../publish/clean-logs.ts";
import { ResultStore } from "../query/result-store.ts";

export interface PurgingOptions extends Omit<PurgeFilePorts, "catalog" | "objects"> {
  readonly catalog: Catalog & { truncateLog?(): boolean };
  readonly objects: Objects & { sweepTemporary?(before: number): Promise<number> };
  readonly clock: Clock;
  /** When nothing writes table files or published versions beside this: what is put after its deletion would stay. */
  readonly quiet: () => Promise<void>;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

const lookEveryMs = 250;

/**
 * Does what was ordered to be purged, one piece at a time. How far a purge is, is in the catalog: whatever this was doing when its
 * process died is done again. See storage.md, "Retention and purge".
 */
export class Purging {
  readonly #options: PurgingOptions;
  /** Of each purge, the files that hold nothing purged. */
  readonly #checked = new Map<string, Set<string>>();
  /** After a failure: when a purge is tried again, on the monotonic clock. */
  readonly #resting = new Map<string, { readonly failures: number; readonly until: number }>();
  #nextLook = 0;

  constructor(options: PurgingOptions) {
    this.#options = options;
  }

  /** One piece of each purge that is not done. Answers whether there may be more to do at once. */
  async step(): Promise<boolean> {
    const { catalog, clock, log } = this.#options;
    if (clock.monotonic() < this.#nextLook) return false;
    let worked = false;
    for (const purge of await catalog.purges()) {
      const { purgeId, storeId, stage } = purge;
      if (stage === "done" || (this.#resting.get(purgeId)?.until ?? 0) > clock.monotonic()) continue;
      try {
        worked = (await this.#piece(purge)) || worked;
        this.#resting.delete(purgeId);
      } catch (error) {
        const failures = (this.#resting.get(purgeId)?.failures ?? 0) + 1;
        const until = clock.monotonic() + Math.min(60_000, 500 * 2 ** Math.min(failures, 10));
        this.#resting.set(purgeId, { failures, until });
        log({ level: "error", event: "purge-failed", purgeId, storeId, stage, message: messageOf(error) });
      }
    }
    if (!worked) this.#nextLook = clock.monotonic() + lookEveryMs;
    return worked;
  }

  async #piece(purge: PurgeRecord): Promise<boolean> {
    switch (purge.stage) {
      case "journal":
        // Compaction takes the rows: `awaitedStores` names the store.
        if (await this.#options.catalog.purgeAwaitsJournal(purge.purgeId)) return false;
        return this.#options.catalog.advancePurge(purge.purgeId, "journal", { stage: "files" });
      case "files":
        return this.#files(purge);
      case "queries":
        return this.#queries(purge);
      case "objects":
        return this.#objects(purge);
      case "log":
        return this.#log(purge);
      case "done":
      default:
        return false;
    }
  }

  async #files({ purgeId, storeId }: PurgeRecord): Promise<boolean> {
    const { catalog } = this.#options;
    let checked = this.#checked.get(purgeId);
    if (checked === undefined) this.#checked.set(purgeId, (checked = new Set()));
    const purged = await purgeFile(this.#options, storeId, checked);
    if (purged.kind !== "clean") return true;
    this.#checked.delete(purgeId);
    return catalog.advancePurge(purgeId, "files", { stage: "queries", version: purged.version });
  }

  /** Done when nobody works at any of them: what a query still writes would come after its deletion. */
  async #queries({ purgeId, scope }: PurgeRecord): Promise<boolean> {
    const { catalog, objects } = this.#options;
    const reason =
      scope === "store"
        ? "An event data store of the query was deleted."
        : "Events that the query reads were purged. Start it again.";
    await catalog.endPurgedQueries(purgeId, reason);
    const { ended, working } = await catalog.purgedQueries(purgeId);
    const results = new ResultStore(objects);
    for (const queryId of ended) {
      await results.delete(queryId);
      await catalog.forgetPurgedQuery(purgeId, queryId);
    }
    return working === 0 && (await catalog.advancePurge(purgeId, "queries", { stage: "objects" }));
  }

  async #objects({ purgeId, storeId, scope, version, createdAt }: PurgeRecord): Promise<boolean> {
    const { catalog, objects, quiet } = this.#options;
    if (scope === "store") await unpublishStore(this.#options, storeId);
    // Readers of the published table are told first, and a checkpoint never lacks what its version still lists.
    else if ((await catalog.publication(storeId)).published < version) return false;
    await quiet();
    const paths = await catalog.takePurgedFiles(purgeId);
    for (const path of paths) await objects.delete(path);
    // Nothing can be added under the directory of a store that is no more, so a listing finds all that is left.
    if (scope === "store") for await (const path of objects.list(`tables/${storeId}/`)) await objects.delete(path);
    await objects.sweepTemporary?.(createdAt);
    await catalog.forgetFiles(paths);
    if (scope === "store") await catalog.forgetStore(storeId);
    return catalog.advancePurge(purgeId, "objects", { stage: "log" });
  }

  async #log({ purgeId, storeId, scope, createdAt }: PurgeRecord): Promise<boolean> {
    const { catalog, clock, log } = this.#options;
    if (catalog.truncateLog?.() === false) return false;
    const finishedAt = Math.max(clock.now(), createdAt);
    const done = await catalog.advancePurge(purgeId, "log", { stage: "done", finishedAt });
    if (done) log({ level: "info", event: "purged", purgeId, storeId, scope });
    return done;
  }
}
