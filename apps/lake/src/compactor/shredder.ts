import type { FileRecord } from "../catalog/store-catalog.ts";

/** Turns journal events into table files. DuckDB does it in the lake; the scheduler test has a table format in memory. */
export interface Shredder {
  /**
   * Takes what journal rows hold (see `journal-line.ts`), oldest first. One batch at a time. With `textOnly` no event's text is
   * parsed, and the typed columns of all are NULL.
   */
  load(blobs: readonly Uint8Array[], options?: { readonly textOnly?: boolean | undefined }): Promise<ShredBatch>;
  /**
   * Writes one file, sorted by eventtime and eventid, of table files of one day (local paths). Of events with one eventid the one
   * of the smallest ingestion time stays. May run beside a batch.
   */
  merge(paths: readonly string[], options?: MergeOptions): Promise<MergedFile>;
  /** Writes a table file (local path) anew without these events, sorted as it was. May run beside a batch. */
  rewrite(path: string, eventIds: readonly string[]): Promise<RewrittenFile>;
}

export interface RewrittenFile {
  /** How many of the events were there, and are not in what was written. */
  readonly dropped: number;
  /** Undefined when no event was dropped, or none is left. */
  readonly written: Omit<ShreddedFile, "unshredded"> | undefined;
  /** Frees the file: it has been put by then, or never will be. */
  close(): Promise<void>;
}

export interface MergeOptions {
  /** Breaks the merge off; it rejects then. */
  readonly signal?: AbortSignal | undefined;
  /** Whether to take more time for a smaller file. */
  readonly tight?: boolean | undefined;
  /** Only for a planted fault. */
  readonly keepDuplicates?: boolean | undefined;
}

export interface MergedFile extends Pick<ShreddedFile, "rows" | "bytes" | "sha256" | "content"> {
  /** Events that were there twice and went. */
  readonly duplicates: number;
  /** Frees the file: it has been put by then, or never will be. */
  close(): Promise<void>;
}

/** Events of one compaction, on their way to files. */
export interface ShredBatch {
  /** Drops events that were older than this (ms) when they were received, and answers how many. */
  dropExpired(retentionMs: number): Promise<number>;
  /** The smallest and the largest eventid of the batch; undefined when it is empty. */
  idRange(): Promise<{ readonly from: string; readonly to: string } | undefined>;
  /** Drops these events and answers how many they were, copies included. */
  dropPurged(eventIds: readonly string[]): Promise<number>;
  /** Of events with one eventid the one of the smallest ingestion time stays; answers how many went. */
  dropDuplicates(): Promise<number>;
  /** Those of the files whose eventid range contains an event of the batch. */
  overlapping(files: readonly FileRecord[]): Promise<readonly FileRecord[]>;
  /** Drops events that these table files hold already (local paths) and answers how many. */
  dropHeld(paths: readonly string[]): Promise<number>;
  /** `YYYY-MM-DD` of the events that are left, ascending. */
  days(): Promise<readonly string[]>;
  /** Writes one day's events, sorted by eventtime and eventid. */
  write(day: string): Promise<ShreddedFile>;
  /** Frees what the batch holds, its written files included: they have been put by then, or never will be. */
  close(): Promise<void>;
}

export interface ShreddedFile extends Pick<
  FileRecord,
  "rows" | "bytes" | "sha256" | "minEventId" | "maxEventId" | "minEventTime" | "maxEventTime"
> {
  readonly content: Uint8Array | { readonly file: string };
  /** Rows stored with typed columns null, because their text could not be shredded. */
  readonly unshredded: number;
}
