import type { CommitRecord, FileRecord, StoreCommit } from "./store-catalog.ts";

/**
 * Somebody is about to write versions, a checkpoint or the hint of a store's published log. It is recorded before, so that what is
 * written late, even after the log was cleaned up, is found and deleted without a listing. Each try has an id of its own.
 */
export interface PublicationAttempt {
  readonly attemptId: string;
  readonly storeId: string;
  readonly createdAt: number;
}

/** What to publish next of a store. */
export interface VersionsToPublish {
  /** Last published version, -1 before the first. */
  readonly published: number;
  /** The commits after it, oldest first, up to the next checkpoint. Version 0 has none. */
  readonly commits: readonly CommitRecord[];
}

/** A published checkpoint of a store's log. */
export interface Checkpoint {
  readonly version: number;
  /** Rows of its file. */
  readonly actions: number;
  readonly addFiles: number;
  /** Of its file. */
  readonly bytes: number;
  readonly sha256: string;
}

/** A store's table at its last published version. */
export interface PublishedState {
  readonly version: number;
  /** When its commit was made, ms since 1970. */
  readonly createdAt: number;
  readonly files: readonly (FileRecord & { readonly addedAt: number })[];
  /** Removed files whose object may still be there. */
  readonly removed: readonly {
    readonly path: string;
    readonly removedAt: number;
    /** Of the commit that removed it. */
    readonly kind: StoreCommit["kind"];
  }[];
}

/** What of a store's published log is to be deleted. */
export interface LogToClean {
  readonly storeId: string;
  /** Versions from `from` up to and without `to`. */
  readonly from: number;
  readonly to: number;
  /** Checkpoints among them. */
  readonly checkpoints: readonly number[];
  /** Tries at versions that are cleaned: both ends included. */
  readonly attempts: readonly { readonly attemptId: string; readonly first: number; readonly last: number }[];
  /** The whole publication goes, the hint with it. */
  readonly retired: boolean;
}

export interface PublicationState {
  /** -1 before the first. */
  readonly published: number;
  /** Versions before it may be gone, and nobody publishes them again. */
  readonly cleaned: number;
  readonly checkpoint: Checkpoint | undefined;
  readonly retired: boolean;
}

/** What a store's published log must be, to be held against its objects. */
export interface PublicationProof extends Omit<PublicationState, "checkpoint"> {
  /** In the order of their versions. */
  readonly checkpoints: readonly Checkpoint[];
  /** Versions that somebody is writing, or began to: both ends included. */
  readonly attempts: readonly { readonly first: number; readonly last: number }[];
}

/** What is published of the stores' commits as open tables, and what of it is gone again. */
export interface PublicationCatalog {
  publication(storeId: string): Promise<PublicationState>;
  publicationProof(storeId: string): Promise<PublicationProof>;
  /** Stores with a version that is not published, version 0 of one without a commit included. */
  unpublishedStores(): Promise<readonly string[]>;
  /** Announces the try and answers what to publish, at most `checkpointEvery` versions; undefined, without a trace, when there is nothing. */
  announceVersions(attempt: PublicationAttempt, checkpointEvery: number): Promise<VersionsToPublish | undefined>;
  /**
   * All versions up to `published` are there: files that they remove may go, their grace beginning at `at`. Answers whether a
   * checkpoint is due.
   */
  recordVersions(
    attempt: PublicationAttempt,
    published: number,
    options: { readonly at: number; readonly checkpointEvery: number },
  ): Promise<{ readonly checkpointDue: boolean }>;
  /**
   * Announces a checkpoint of the last published version and answers the table as it was then, in one transaction: no file that a
   * later version removes can have been forgotten by then. Undefined, without a trace, when it is not due.
   */
  announceCheckpoint(attempt: PublicationAttempt, checkpointEvery: number): Promise<PublishedState | undefined>;
  /** The checkpoint is there. Answers the newest, for the hint; the try ends with `recordHint`. Of two of one version the first stays. */
  recordCheckpoint(attempt: PublicationAttempt, checkpoint: Checkpoint, at: number): Promise<Checkpoint | undefined>;
  /** Announces that the hint is written again; answers the newest checkpoint, or undefined, without a trace, when there is none. */
  announceHint(attempt: PublicationAttempt): Promise<Checkpoint | undefined>;
  /** The hint names this checkpoint now. Answers undefined and ends the try when it is the newest or there is none; otherwise the newest, to be named instead. */
  recordHint(attempt: PublicationAttempt, version: number): Promise<Checkpoint | undefined>;
  /**
   * Gives up the versions before the newest checkpoint that was written before `writtenBefore`, and answers every log of which
   * something is to be deleted, until {@link logCleaned}.
   */
  logsToClean(writtenBefore: number): Promise<readonly LogToClean[]>;
  /** It is deleted. Its tries that have ended are forgotten, and those that began before `givenUpBefore`. */
  logCleaned(log: LogToClean, givenUpBefore: number): Promise<void>;
  /** Ends the publication of a store: nothing of it is published any more. Answers what is to be deleted, which includes the hint. */
  retirePublication(storeId: string): Promise<LogToClean>;
}
