import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";

/** What is read: a connection of the GraphQL API. */
export const streams = ["entries", "issues"] as const;
export type Stream = (typeof streams)[number];

/** How far one stream has come. Times in ms. */
export interface StreamState {
  /** Where the next window, or the one under way, begins. */
  readonly from: number;
  /** The window that is under way. */
  readonly window?:
    | {
        readonly to: number;
        /** The API's cursor of the next page. */
        readonly after?: string | undefined;
        /** The time of the last record of the page before: others of the same time may lie behind the page's end. */
        readonly edge?: number | undefined;
      }
    | undefined;
}

export type PollState = Readonly<Record<Stream, StreamState>>;

/** The state as a cursor. */
export function cursorOf(state: PollState): Json {
  return { v: 1, entries: written(state.entries), issues: written(state.issues) };
}

function written({ from, window }: StreamState): JsonObject {
  if (window === undefined) return { from };
  const { to, after, edge } = window;
  return {
    from,
    window: { to, ...(after === undefined ? {} : { after }), ...(edge === undefined ? {} : { edge }) },
  };
}

/** The state of a cursor; of `since` for a first run, for a stream that is new, and for a cursor that is not of this version. */
export function stateOf(cursor: Json | undefined, since: string): PollState {
  return { entries: read(cursor, "entries", since), issues: read(cursor, "issues", since) };
}

function read(cursor: Json | undefined, stream: Stream, since: string): StreamState {
  const from = valueAt(cursor, stream, "from");
  if (valueAt(cursor, "v") !== 1 || typeof from !== "number") return { from: Date.parse(since) };
  const to = valueAt(cursor, stream, "window", "to");
  const edge = valueAt(cursor, stream, "window", "edge");
  if (typeof to !== "number") return { from };
  const after = textAt(cursor, stream, "window", "after");
  return { from, window: { to, after, edge: typeof edge === "number" ? edge : undefined } };
}
