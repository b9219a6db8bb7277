import type { Static, TSchema } from "@sinclair/typebox";
import type { Json } from "./json.ts";

/** One answer of a vendor: its bytes, unparsed, and the cursor that is true once they are committed. */
export interface Page {
  readonly body: Uint8Array;
  readonly format: string;
  readonly cursor: Json;
  readonly waitSeconds?: number;
}

export interface Poll<Options extends TSchema = TSchema> {
  readonly options: Options; // Secret-typed members come resolved
  readonly requestsPerMinute: number;
  /** What no two pollers may share, such as a server-side iterator. */
  exclusive(options: Static<Options>): string;
  /** Asked for the next page only after the last one is committed. A new generator means a restart: repeat rather than skip. */
  pages(cursor: Json | undefined, host: PollHost<Static<Options>>): AsyncGenerator<Page, void, void>;
}
export interface PollHost<Options> {
  readonly options: Options;
  readonly fetch: (url: URL, init?: RequestInit) => Promise<Response>; // budgets, 429/5xx back-off, time-outs, SSRF rules: the host's
  readonly since: string; // where a first run starts; persisted before the first call
  readonly now: () => number; // ms; for token expiry and replay windows, never for cursors
  readonly signal: AbortSignal;
}
