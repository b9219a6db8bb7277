import type { PlaceChanges } from "./place-state.ts";
import type { AskedLetters, Requeued } from "./asked-letters.ts";
import type { FrameOrigin } from "./chunk-codec.ts";
import type { ReadAgain } from "./end-anew.ts";
import type { BackfillStep } from "./backfills.ts";

/** Where a record stands; one byte per record of a chunk. Promise 1: each ends as exactly one of these. */
export const states = { queued: 0, delivered: 1, already: 2, changed: 3, dead: 4, dropped: 5 } as const;
export type State = keyof typeof states;

/** A reading of a source to its end, when the source is read once more and that has not come as far yet. */
export interface EarlierReading {
  /** Its chunks have numbers below this. */
  readonly before: number;
  /** As in {@link Cursor}, at its end. */
  readonly position: number;
  readonly digest: Uint8Array;
}

/** How far a source was read. True only together with the chunks it covers: both are in one commit. */
export interface Cursor {
  readonly source: string;
  /** Offset after the last spooled frame, in bytes after decompression. */
  readonly position: number;
  /** SHA-256 of all frames up to there: another file under the same name is read from its start. */
  readonly digest: Uint8Array;
  /** RFC 3339, of the first sight of this source; stays when it is read again, so that events keep their bytes. */
  readonly receivedAt: string;
  /** Read to its end: the next run starts over, and finds everything already delivered. */
  readonly done: boolean;
  /** What counts of it is replaced when this reading has come as far, and all was the same. */
  readonly earlier?: EarlierReading | undefined;
}

/** Up to 1,000 frames or 1 MB of one source, original bytes and origin. */
export interface SpooledChunk {
  readonly id: number;
  readonly source: string;
  readonly format: string;
  readonly receivedAt: string;
  /** Compressed by chunk-codec. */
  readonly frames: Uint8Array;
  /** How many they are. */
  readonly count: number;
  /** Smallest and largest offset of the frames. */
  readonly offsets: readonly [first: number, last: number];
}

/** How far a poller has come. True only together with the page it covers: both are in one commit. */
export interface Polled {
  /** Digest of what no two pollers may share. */
  readonly reads: string;
  /** RFC 3339. */
  readonly since: string;
  /** JSON; undefined until the first page is stored. */
  readonly cursor: string | undefined;
  /** ms since 1970. */
  readonly at: number;
}

/** A dead or dropped record. */
export interface ExceptionRow {
  readonly chunk: number;
  readonly record: number;
  readonly frame: number;
  readonly kind: "dead" | "dropped";
  /** Reason code, or the rule that dropped it. */
  readonly code: string;
  readonly message: string;
  /** JSON pointer into the record or the event, where one is known. */
  readonly path: string;
  readonly eventId?: string | undefined;
  readonly eventData?: string | undefined;
  /** Which of its frame's records it is, and how many there were. */
  readonly part: number;
  readonly parts: number;
  /** Of the frame, in its source. */
  readonly offset: number;
  /** ms since 1970. */
  readonly at: number;
  /** Requests that carried it, and how often it was a dead letter before. */
  readonly attempts: number;
  readonly replays: number;
}

export interface ReceiptRow {
  readonly requestId: string;
  readonly events: number;
  readonly delivered: number;
  readonly refusal: string;
  /** ms since 1970. */
  readonly at: number;
}

/** What happens in one transaction: all of it or nothing. */
export interface Changes {
  readonly spool?: readonly SpooledChunk[];
  readonly cursors?: readonly Cursor[];
  readonly polled?: Polled;
  readonly places?: PlaceChanges;
  /** Deliveries of a webhook whose records are in `spool`; those at or before `forget` are forgotten (ms since 1970). */
  readonly replays?: { readonly keys: readonly string[]; readonly at: number; readonly forget: number };
  /** A chunk's events and drops, durable before the first of them is sent. */
  readonly mapped?: readonly {
    readonly chunk: number;
    readonly results: Uint8Array;
    readonly states: Uint8Array;
    readonly open: number;
    /** Its records were counted as taken in before: what was mapped then is damaged. */
    readonly again?: boolean;
  }[];
  /** States of a chunk's records as they are now; `open` counts the queued ones. At 0 the spooled bytes are freed. */
  readonly progress?: readonly { readonly chunk: number; readonly states: Uint8Array; readonly open: number }[];
  /** `receipt`: which of `receipts` it was. */
  readonly sent?: readonly { readonly key: Uint8Array; readonly sha: Uint8Array; readonly receipt: number }[];
  /** Keys of events that came again and were delivered before: they are remembered for longer. */
  readonly met?: readonly Uint8Array[];
  /** ms since 1970; needed with `sent` and `met`. */
  readonly at?: number;
  readonly receipts?: readonly ReceiptRow[];
  readonly exceptions?: readonly ExceptionRow[];
  /** Original bytes of frames that have a dead record; kept until the dead letter is. */
  readonly originals?: readonly {
    readonly chunk: number;
    readonly frame: number;
    readonly offset: number;
    readonly occurrence: number;
    readonly about: FrameOrigin | undefined;
    readonly bytes: Uint8Array;
  }[];
  /** Dead letters whose frames are in `spool` again. */
  readonly requeued?: readonly Requeued[];
  /** Dead letters that were to be tried again, and whose bytes are damaged. */
  readonly spoiled?: readonly number[];
  /** Sources that are read once more. */
  readonly readAgain?: readonly ReadAgain[];
  /** A page of a backfill whose records are in `spool`. */
  readonly backfill?: BackfillStep;
  /** Bytes of records longer than the limit, beyond it. Nothing refers to them until they are claimed. */
  readonly overlong?: readonly { readonly position: number; readonly bytes: Uint8Array }[];
  /** A frame's part of those bytes: from `from` up to `end`. */
  readonly overlongOf?: readonly {
    readonly chunk: number;
    readonly frame: number;
    readonly from: number;
    readonly end: number;
  }[];
  /** After the claims, and before new bytes: what lies before this position is not needed. */
  readonly overlongDone?: number;
}

/** `count` is that of its records once it is mapped. */
export interface StoredChunk extends SpooledChunk {
  /** Undefined until mapped. */
  readonly results?: Uint8Array | undefined;
  readonly states?: Uint8Array | undefined;
}

/** The state of one adapter and channel. Everything that changes it is a {@link Changes}. */
export interface Store {
  /** Resolves once all of it is durable; rejects when nothing of it is known to be. */
  commit(changes: Changes): Promise<void>;
  nextChunk(): Promise<number>;
  cursor(source: string): Promise<Cursor | undefined>;
  /** The first `most` chunks with work above a number, oldest first: not mapped, or with queued records. */
  openChunks(after: number, most: number): Promise<readonly number[]>;
  chunk(id: number): Promise<StoredChunk | undefined>;
  states(id: number): Promise<Uint8Array | undefined>;
  /** Dead letters that are to be tried again. */
  readonly asked: Pick<AskedLetters, "next" | "original" | "rest">;
  /** What was sent under these keys: 8 bytes of its SHA-256. */
  sentAll(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]>;
}
