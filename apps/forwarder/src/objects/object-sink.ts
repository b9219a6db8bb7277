import type { Piece } from "../pipeline/overlong-tap.ts";
import type { RecordChunk } from "../pipeline/read-records.ts";
import type { ListingPlace, ObjectPlace } from "./object-place.ts";

/** Where objects' records and places go. */
export interface ObjectSink {
  /** Resolves when there is room for more, or the signal aborts. */
  room(signal: AbortSignal): Promise<void>;
  /** By id; those that are known. */
  places(ids: readonly string[]): Promise<ReadonlyMap<string, ObjectPlace>>;
  /** Objects that could not be read. */
  failed(): Promise<ReadonlyMap<string, ObjectPlace>>;
  listing(): Promise<ListingPlace | undefined>;
  /** All of it in one transaction. */
  commit(step: {
    readonly records?: Pick<RecordChunk, "frames" | "overlong" | "position"> & {
      readonly source: string;
      readonly format: string;
    };
    readonly places?: ReadonlyMap<string, ObjectPlace>;
    readonly forget?: readonly string[];
    /** Forget all that are done, and were modified (listing) or written down (queue) before; ms since 1970. */
    readonly forgetBefore?: number;
    readonly listing?: ListingPlace;
  }): Promise<void>;
  /** Keeps a part of a record over the limit, until a commit claims it. @param isFirst all that was kept before may go */
  keep(piece: Piece, isFirst: boolean): Promise<void>;
  /** No part that was kept is needed any more. */
  release(): void;
  /** Makes a message a dead letter, with its bytes: it is none that is known. */
  bury(message: { readonly source: string; readonly body: string; readonly why: string }): Promise<void>;
}
