/** A request as bytes: nothing is added, normalised or left out on its way. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly target: string;
  /** In this order, with these names; Host and Content-Length included. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** An answer, header names in lower case. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** Who carries requests to the subject: a connection, or a function in the same process. Rejects when no answer comes. */
export type Exchange = (request: WireRequest) => Promise<WireAnswer>;
