import type { Static, TSchema } from "@sinclair/typebox";
import type { Json } from "./json.ts";

/** One answer of a vendor: its bytes, unparsed, and the cursor that is true once they are committed. */
export interface Page {
  /** As received. Empty: no records, the page only moves the cursor or waits. */
  readonly body: Uint8Array;
  /** A name of the adapter's `formats`. */
  readonly format: string;
  /** An object with its version, `{ v: 1, ... }`: what a new generator starts from. Never holds a secret. */
  readonly cursor: Json;
  /** How long to wait before the next page is asked for. Default: 0, after an empty page 60. */
  readonly waitSeconds?: number;
  /** The vendor has shown all it has for now. A poller with {@link Poll.history} says it; other pages may still repeat. */
  readonly caughtUp?: boolean;
}

/** The poller of a vendor's API. `adapter.poll` loads it; `pollLoop` drives it. */
export interface Poll<Options extends TSchema = TSchema> {
  /** What a configuration may say, each member described. Secrets are `SecretOption()`s and come resolved. */
  readonly options: Options;
  /** The host sends no more in any 60 seconds. */
  readonly requestsPerMinute: number;
  /** What no two pollers may share, such as a server-side iterator. */
  exclusive(options: Static<Options>): string;
  /** Asked for the next page only after the last one is committed. A new generator means a restart: repeat rather than skip. */
  pages(cursor: Json | undefined, host: PollHost<Static<Options>>): AsyncGenerator<Page, void, void>;
  /**
   * That a second poller may read what is past from a `since` of its own beside the first. `ordered`: once all records of a page
   * are more than a day after a time, no later page holds one from before that time, so that the reading can end there;
   * `unordered`: it has to go on to the present. Left out: the vendor keeps one place for all, or shows nothing again.
   */
  readonly history?: "ordered" | "unordered";
  /**
   * Whether an answer means "not now" in the vendor's own way: seconds until the host sends the same request again.
   * undefined: as HTTP says (408, 425, 429 and 5xx are sent again, after Retry-After where it is given; else the answer is the poller's).
   */
  readonly pause?: (answer: { readonly status: number; readonly headers: Headers }, now: number) => number | undefined;
}

/** What a poller says of a request. */
export interface PollRequest extends RequestInit {
  /** The address of the second and later tries: for APIs where the same request twice would mean something else. Default: the first. */
  readonly again?: URL;
}

/** What a poller and a webhook get of the program that runs them. */
export interface PollHost<Options> {
  readonly options: Options;
  /**
   * The only way out. Keeps to the budget, sends again what the vendor could not answer, refuses forbidden addresses, follows
   * no redirect. Bodies of requests are texts or bytes. Throws `VENDOR_UNAVAILABLE` when tries are used up.
   */
  readonly fetch: (url: URL, init?: PollRequest) => Promise<Response>;
  /** RFC 3339. Where a first run starts; persisted before the first call, so that a crash does not move it. */
  readonly since: string;
  /** ms; for token expiry, replay windows and the closed end of a window, never for a cursor by itself. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}
