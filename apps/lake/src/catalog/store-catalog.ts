/** An immutable table file of a store. */
export interface FileRecord {
  /** Object path, unique for ever. */
  readonly path: string;
  readonly storeId: string;
  /** `YYYY-MM-DD` of every event in it. */
  readonly eventDay: string;
  readonly rows: number;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly minEventId: string;
  readonly maxEventId: string;
  /** Milliseconds since 1970. */
  readonly minEventTime: number;
  readonly maxEventTime: number;
}

export interface StoreCommit {
  readonly storeId: string;
  readonly kind: "compaction" | "merge" | "retention" | "purge" | "rebuild";
  /** Rows whose events the added files hold; deleted in the same transaction, exactly these. */
  readonly journalPositions: readonly number[];
  readonly addFiles: readonly FileRecord[];
  readonly removeFiles: readonly string[];
  /** Intents of the added files, deleted in the same transaction; a missing one aborts. */
  readonly intents: readonly string[];
  /** For a compaction: the store's `contentVersion` at its duplicate check. */
  readonly basis?: number | undefined;
  /** Added to the store's counters in the same transaction, so that they count what was committed, once. */
  readonly counts?: Readonly<Partial<Record<StoreCounter, number>>> | undefined;
  readonly createdAt: number;
}

/**
 * `duplicate`: events that the store already held; `expired`: events older than its retention, acknowledged and not stored;
 * `unshredded`: events stored with their text alone, because their typed columns could not be made; `purged`: events that an
 * operator's order took away, or kept from coming back.
 */
export type StoreCounter = "stored" | "duplicate" | "expired" | "unshredded" | "purged";

export interface StoreSnapshot {
  readonly storeId: string;
  /** Last commit of the store; 0 before the first. */
  readonly version: number;
  /** Version of the last compaction or purge: the basis of a duplicate check. */
  readonly contentVersion: number;
  readonly files: readonly FileRecord[];
}

/** A row of a store's history. Versions have no gap and begin at 1. */
export interface CommitRecord {
  readonly version: number;
  readonly kind: StoreCommit["kind"];
  readonly createdAt: number;
  /** JSON, byte for byte what the chain covers. */
  readonly actions: string;
  /** Lower-case hex. */
  readonly chain: string;
}

export interface StoreCatalog {
  snapshot(storeId: string): Promise<StoreSnapshot>;
  /**
   * One transaction, aborted with `conflict` unless every row and file it removes and every intent is still there and, for
   * a compaction, no other compaction or purge committed since `basis`. Writes the hash-chained commit row.
   */
  commit(
    change: StoreCommit,
  ): Promise<
    { readonly kind: "committed"; readonly version: number } | { readonly kind: "conflict"; readonly reason: string }
  >;
  /** Commits after a version, oldest first. */
  readCommits(storeId: string, after: number, limit: number): Promise<readonly CommitRecord[]>;
  counters(storeId: string): Promise<Readonly<Record<StoreCounter, number>>>;
  /** Announces a file before it is written. */
  addIntent(path: string, createdAt: number): Promise<void>;
  /**
   * Takes intents older than `before` in its own transaction: from then on a commit that needs one aborts. Answers every taken path,
   * whose object may now be deleted, until `forgetFiles`.
   */
  takeOldIntents(before: number): Promise<readonly string[]>;
  /** Removed files whose removal was published before `before` and that no live query and no pin holds; answered until `forgetFiles`. */
  removableFiles(before: number): Promise<readonly string[]>;
  /** Their objects are deleted: what the catalog still knew of them, as removed files or taken intents, goes. */
  forgetFiles(paths: readonly string[]): Promise<void>;
  /** A lease only avoids doing work twice. Stolen when its counter has not moved for `staleMs` on the caller's monotonic clock. */
  acquireLease(name: string, holder: string, monotonicNow: number, staleMs: number): Promise<boolean>;
  releaseLease(name: string, holder: string): Promise<void>;
}
