import type { IngestionStatusRecord } from "./control-catalog.ts";

/** One store's share of a group commit. */
export interface JournalEntry {
  readonly storeId: string;
  readonly events: number;
  /** zstd of NDJSON, one line an event: see `journal/journal-line.ts`. */
  readonly bytes: Uint8Array;
}

export interface JournalRow extends JournalEntry {
  /** Names the row, nothing more: positions are not in commit order and have gaps. */
  readonly pos: number;
  /** Of `bytes`, as it was written beside them. */
  readonly size: number;
  readonly createdAt: number;
}

export interface JournalAppend {
  /** The generation the requests in this batch were authorised against. */
  readonly generation: number;
  readonly entries: readonly JournalEntry[];
  readonly ingestion: readonly { readonly channelArn: string; readonly status: IngestionStatusRecord }[];
  readonly createdAt: number;
}

export interface JournalCatalog {
  /**
   * Inserts the entries in one durable transaction; when it resolves with `committed` they are on stable storage.
   * `moved`: the control state changed since `generation`; nothing was inserted, authorise again. Throws `JOURNAL_FAILED`
   * (retryable) when the disk refuses.
   */
  append(batch: JournalAppend): Promise<{ readonly kind: "committed" } | { readonly kind: "moved" }>;
  /**
   * Oldest rows of a store, whole rows, until `maxEvents` or `maxBytes` (of compressed bytes) would be passed; at least one if any.
   * `after` leaves out rows up to a position: to read past rows that cannot be used, never to remember how far one was.
   */
  readJournal(
    storeId: string,
    limits: { readonly maxEvents: number; readonly maxBytes: number; readonly after?: number | undefined },
  ): Promise<readonly JournalRow[]>;
  /** Per store with rows: how much waits and since when (ms since 1970). */
  journalBacklog(): Promise<
    readonly {
      readonly storeId: string;
      readonly rows: number;
      readonly events: number;
      readonly bytes: number;
      readonly oldest: number;
    }[]
  >;
}
