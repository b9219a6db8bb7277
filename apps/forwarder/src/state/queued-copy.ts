import type { SpooledChunk } from "./store.ts";

/** A spooled chunk in the queue of one destination. */
export interface QueuedCopy {
  readonly id: number;
  readonly destination: number;
  /** The chunk whose frames these are, where there are several; else they are its own. */
  readonly shared: number | null;
  readonly spooled: SpooledChunk;
}
