import type { Catalog } from "../../src/catalog/catalog.ts";
import type { StoreCommit } from "../../src/catalog/store-catalog.ts";

/** Mistakes that somebody could make here. The scheduler must find each. */
export type PlantedBug =
  | "the compactor deletes up to a position"
  | "a commit without its basis"
  | "the sweeper ignores intents"
  | "the sweeper ignores pins"
  | "a query pins too early"
  | "a merge planned before a retention drop brings rows back"
  | "no duplicate check"
  | "an answer before the commit"
  | "a compactor knows no tombstones"
  | "a purge forgets the journal"
  | "a purge does not wait for readers"
  | "versions are recorded before they are published"
  | "a checkpoint of the files of now";

export const plantedBugs: readonly PlantedBug[] = [
  "the compactor deletes up to a position",
  "a commit without its basis",
  "the sweeper ignores intents",
  "the sweeper ignores pins",
  "a query pins too early",
  "a merge planned before a retention drop brings rows back",
  "no duplicate check",
  "an answer before the commit",
  "a compactor knows no tombstones",
  "a purge forgets the journal",
  "a purge does not wait for readers",
  "versions are recorded before they are published",
  "a checkpoint of the files of now",
];

/** The catalog with a bug's commit in place of its own. */
export function withCommitBug(catalog: Catalog, bug: PlantedBug | undefined): Pick<Catalog, "commit"> {
  return { commit: async (change) => await catalog.commit(await spoiled(catalog, change, bug)) };
}

async function spoiled(catalog: Catalog, change: StoreCommit, bug: PlantedBug | undefined): Promise<StoreCommit> {
  if (bug === "the compactor deletes up to a position" && change.kind === "compaction") {
    const last = Math.max(...change.journalPositions);
    const rows = await catalog.readJournal(change.storeId, { maxEvents: 1e6, maxBytes: 1e9 });
    return { ...change, journalPositions: rows.map(({ pos }) => pos).filter((pos) => pos <= last) };
  }
  const now = await catalog.snapshot(change.storeId);
  if (bug === "a commit without its basis" && change.kind === "compaction")
    return { ...change, basis: now.contentVersion };
  if (bug === "a merge planned before a retention drop brings rows back" && change.kind === "merge") {
    return {
      ...change,
      removeFiles: change.removeFiles.filter((path) => now.files.some((file) => file.path === path)),
    };
  }
  return change;
}

/** The catalog as a publisher sees it with a bug. */
export function withPublicationBug(catalog: Catalog, bug: PlantedBug | undefined): Catalog {
  return {
    ...catalog,
    announceVersions: async (attempt, checkpointEvery) => {
      const next = await catalog.announceVersions(attempt, checkpointEvery);
      if (next === undefined) return undefined;
      const options = { at: attempt.createdAt, checkpointEvery };
      if (bug === "versions are recorded before they are published")
        await catalog.recordVersions(attempt, next.commits.at(-1)?.version ?? 0, options);
      return next;
    },
    announceCheckpoint: async (attempt, checkpointEvery) => {
      const table = await catalog.announceCheckpoint(attempt, checkpointEvery);
      if (table === undefined || bug !== "a checkpoint of the files of now") return table;
      const { files } = await catalog.snapshot(attempt.storeId);
      return { ...table, files: files.map((file) => ({ ...file, addedAt: 1 })) };
    },
  };
}
