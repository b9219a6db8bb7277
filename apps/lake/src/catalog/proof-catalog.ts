import type { FileRecord, StoreSnapshot } from "./store-catalog.ts";

/** A table file with its place in its store's history. */
export interface FileHistory extends FileRecord {
  readonly addedVersion: number;
  /** When that commit was made, ms since 1970; undefined when it is not there. */
  readonly addedAt?: number | undefined;
  readonly removedVersion?: number | undefined;
  readonly removedAt?: number | undefined;
}

/** The end of a store's hash chain. */
export interface StoreHead {
  readonly storeId: string;
  readonly version: number;
  /** Lower-case hex; empty at version 0. */
  readonly chain: string;
}

/** A head that was kept elsewhere. */
export interface KeptHead extends StoreHead {
  /** Ms since 1970. */
  readonly keptAt?: number | undefined;
}

/** What the catalog says of a store's files, to be held against its commits. */
export interface StoreProof extends StoreHead {
  readonly contentVersion: number;
  /** Live files and removed ones whose object may still be there. */
  readonly files: readonly FileHistory[];
}

export interface ProofCatalog {
  /** Of every store that has a history, in the order of their ids. */
  storeHeads(): Promise<readonly StoreHead[]>;
  /** Ids of all stores that anything in the catalog names. */
  storeIds(): Promise<readonly string[]>;
  storeProof(storeId: string): Promise<StoreProof>;
  /** What the catalog knows of an object of a table now; undefined: nothing, it may not be there. */
  objectState(path: string): Promise<"live" | "removed" | "announced" | undefined>;
  /**
   * Holds the objects of files that are removed from these stores from now on, until `until` (ms) or `unpin`. With `drain`
   * compaction is asked to take what waits in their journal now, for {@link readyPin}. Forgets pins that ended before `now`.
   */
  pinStores(
    pinId: string,
    storeIds: readonly string[],
    options: { readonly now: number; readonly until: number; readonly drain?: boolean | undefined },
  ): Promise<void>;
  /** `ready` when what waited in the journal at `pinStores` is in the tables: the stores' files, all in one snapshot. */
  readyPin(
    pinId: string,
  ): Promise<
    | { readonly kind: "waiting"; readonly storeIds: readonly string[] }
    | { readonly kind: "ready"; readonly snapshots: readonly StoreSnapshot[] }
  >;
  /** False when the pin is gone: it had ended before. */
  extendPin(pinId: string, until: number): Promise<boolean>;
  unpin(pinId: string): Promise<void>;
}
