import type { MappedRecord, SpooledFrame } from "../state/chunk-codec.ts";
import { states } from "../state/store.ts";

/** A mapped chunk with queued records, in memory until all of them are settled. */
export interface LiveChunk {
  readonly id: number;
  readonly records: readonly MappedRecord[];
  readonly frames: readonly SpooledFrame[];
  /** One byte per record, see `states` of store.ts. */
  readonly states: Uint8Array;
  /** Queued records. */
  open: number;
}

export function countQueued(bytes: Uint8Array): number {
  let open = 0;
  for (const state of bytes) if (state === states.queued) open++;
  return open;
}
