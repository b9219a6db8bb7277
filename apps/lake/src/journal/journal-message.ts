import type { JournalAppend } from "../catalog/journal-catalog.ts";
import type { JournalRun } from "./journal-run.ts";

/** What the journal's worker thread is started with. */
export interface JournalWorkerData {
  readonly file: string;
  readonly synchronous: "FULL" | "OFF";
  readonly backlogEveryMs: number;
  /** A planted bug for fault tests, which must then fail. */
  readonly acknowledgeBeforeCommit: boolean;
}

/** A group commit on its way to the worker, its lines not written yet. A run of several stores is in the message once. */
export interface JournalBatch extends Omit<JournalAppend, "entries"> {
  readonly kind: "append";
  readonly id: number;
  readonly entries: readonly { readonly storeId: string; readonly runs: readonly JournalRun[] }[];
}

export type JournalRequest =
  | JournalBatch
  /** Asks for a write of no meaning, which shows that the catalog can be written. */
  | { readonly kind: "probe"; readonly id: number }
  | { readonly kind: "close" };

export type JournalReply =
  | { readonly kind: "committed" | "moved" | "writable"; readonly id: number }
  | { readonly kind: "failed"; readonly id: number; readonly reason: string }
  | ({ readonly kind: "backlog" } & JournalLoad);

/** What waits in the journal, over all processes, and the room on its disk. */
export interface JournalLoad {
  /** Compressed bytes. */
  readonly bytes: number;
  readonly events: number;
  readonly freeBytes: number;
  /** When the oldest row was written, ms since 1970; undefined when there is none. */
  readonly oldest?: number | undefined;
}
