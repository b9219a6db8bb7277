import type { SpooledChunk } from "../state/store.ts";

/** Spans of what one integration does. Whatever becomes of a span, the work is done, and its outcome is the work's own. */
export interface IntegrationTracing {
  /** New chunks are made durable. */
  intake<T>(chunks: readonly Pick<SpooledChunk, "id" | "source" | "count">[], work: () => Promise<T>): Promise<T>;
  /** A chunk's records become events. */
  map<T>(chunk: number, work: () => T): T;
  /** A request is sent and answered. @param chunks whose events are in it */
  send<T>(chunks: ReadonlySet<number>, events: number, work: () => Promise<T>): Promise<T>;
  /** What answers said is made durable. @param receipts how many answers */
  settle<T>(receipts: number, work: () => Promise<T>): Promise<T>;
}

export const noTracing: IntegrationTracing = {
  intake: (_chunks, work) => work(),
  map: (_chunk, work) => work(),
  send: (_chunks, _events, work) => work(),
  settle: (_receipts, work) => work(),
};
