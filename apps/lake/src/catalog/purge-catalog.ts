/** How far a purge is. Each stage is repeated from its beginning when its process dies. */
export type PurgeStage =
  /** Rows that were in the journal when it was ordered are compacted, without the purged events. */
  | "journal"
  /** Files that hold purged events are written anew without them. */
  | "files"
  /** Queries that read what is purged are stopped, and forgotten with their results. */
  | "queries"
  /** The change is published, and the objects are deleted. */
  | "objects"
  /** The catalog's log is emptied. */
  | "log"
  | "done";

/** An order to purge a whole store, or events of one. Kept when it is done: it says that it was. */
export interface PurgeRecord {
  readonly purgeId: string;
  readonly storeId: string;
  readonly scope: "store" | "events";
  readonly stage: PurgeStage;
  /** Version of the store from which on nothing purged is in its files; known after the stage `files`. */
  readonly version: number;
  /** Events that were named. */
  readonly eventIds: number;
  /** What was taken away so far: events, files rewritten or deleted, queries with their results. */
  readonly rows: number;
  readonly files: number;
  readonly results: number;
  readonly createdAt: number;
  readonly finishedAt?: number | undefined;
}

export interface EventPurgeOrder {
  readonly purgeId: string;
  readonly storeId: string;
  /** Lower-case UUIDs; each is a tombstone of the store from now on, whether or not the event is there. */
  readonly eventIds: readonly string[];
  readonly createdAt: number;
}

export interface PurgeCatalog {
  /**
   * Records the order with its tombstones in one transaction, and a commit of the store, which writes it into the history. A compaction
   * that looked for tombstones before it took rows that the purge waits for, and aborts besides. False when there is no such store.
   */
  orderEventPurge(order: EventPurgeOrder): Promise<boolean>;
  /** All of them, oldest first. The purge of a store begins with the control change `deleteStore`. */
  purges(): Promise<readonly PurgeRecord[]>;
  /** From one stage to the next; false when it was not in that stage any more. */
  advancePurge(
    purgeId: string,
    from: PurgeStage,
    to: { readonly stage: PurgeStage; readonly version?: number; readonly finishedAt?: number },
  ): Promise<boolean>;
  /** Whether rows that the purge must drain are still in the journal. */
  purgeAwaitsJournal(purgeId: string): Promise<boolean>;
  /** Purged events of a store with an id in the range, both ends included. */
  tombstones(storeId: string, from: string, to: string): Promise<readonly string[]>;
  /** Stops what reads the store at an older version than the purge's, or at all when the whole store goes. */
  endPurgedQueries(purgeId: string, reason: string): Promise<void>;
  /** Queries whose results the purge deletes: those that have ended, and how many some service still works at; with them count pins. */
  purgedQueries(purgeId: string): Promise<{ readonly ended: readonly string[]; readonly working: number }>;
  /** A query of the purge is forgotten, and counted. Its result has been deleted. */
  forgetPurgedQuery(purgeId: string, queryId: string): Promise<void>;
  /**
   * Takes every intent of the store, so that a commit that needs one aborts, and answers their paths with those of the files that were
   * removed up to the purge's version: objects to delete now, then `forgetFiles`.
   */
  takePurgedFiles(purgeId: string): Promise<readonly string[]>;
  /** What the catalog still has of a store that is no more: commits, counters, tombstones, leases. */
  forgetStore(storeId: string): Promise<void>;
}
