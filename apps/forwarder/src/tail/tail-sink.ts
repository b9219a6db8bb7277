import type { Piece } from "../pipeline/overlong-tap.ts";
import type { RecordChunk } from "../pipeline/read-records.ts";
import type { TailPlace } from "./tail-place.ts";

/** Records of one file. */
export interface TailRecords extends Pick<RecordChunk, "frames" | "overlong"> {
  /** The path, as a person knows it. */
  readonly source: string;
  readonly format: string;
  /** Of the file, behind them: no part before it of a record over the limit is needed any more. */
  readonly position: number;
}

/** Where a tail's records go. */
export interface TailSink {
  /** Resolves when there is room for more, or the signal aborts. */
  room(signal: AbortSignal): Promise<void>;
  /** Makes records durable with the places that cover them, in one transaction. */
  commit(step: {
    readonly records: readonly TailRecords[];
    readonly places: readonly TailPlace[];
    /** Ids of places that are not needed any more. */
    readonly forget: readonly string[];
    /** All files that were there at the start are known: those that come from now on are new. */
    readonly begun?: boolean;
  }): Promise<void>;
  /** Keeps a part of a record over the limit, until a commit claims it. @param isFirst all that was kept before may go */
  keep(piece: Piece, isFirst: boolean): Promise<void>;
  /** No part that was kept is needed any more. */
  release(): void;
}
