import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";

/** The two logs of the Admin API. */
export const streams = ["requests", "objects"] as const;
export type Stream = (typeof streams)[number];

/** A walk through a log that is under way. Times in seconds. */
export interface Walk {
  /** The API's offset of the next page. */
  readonly offset: string;
  /** The time of the newest record of the walk's first page. */
  readonly newest: number;
  /** The time of the last record so far. */
  readonly last?: number | undefined;
  /** Whether every record so far was no newer than the one before it. */
  readonly ordered: boolean;
}

/** How far one log has come. */
export interface StreamState {
  /** Seconds; a walk in order ends at an older record. */
  readonly after: number;
  readonly walk?: Walk | undefined;
}

/** How far both have come, and whose turn it is. */
export interface AdminState {
  readonly turn: Stream;
  readonly requests: StreamState;
  readonly objects: StreamState;
}

/** The state as a cursor. */
export function cursorOf({ turn, requests, objects }: AdminState): Json {
  return { v: 1, turn, requests: written(requests), objects: written(objects) };
}

function written({ after, walk }: StreamState): JsonObject {
  if (walk === undefined) return { after };
  const { offset, newest, last, ordered } = walk;
  return { after, walk: { offset, newest, ordered, ...(last === undefined ? {} : { last }) } };
}

/** The state of a cursor; of `since` for a first run and for a cursor that is not of this version. */
export function stateOf(cursor: Json | undefined, since: string): AdminState {
  return {
    turn: valueAt(cursor, "v") === 1 && textAt(cursor, "turn") === "objects" ? "objects" : "requests",
    requests: read(cursor, "requests", since),
    objects: read(cursor, "objects", since),
  };
}

function read(cursor: Json | undefined, stream: Stream, since: string): StreamState {
  const after = valueAt(cursor, stream, "after");
  if (valueAt(cursor, "v") !== 1 || typeof after !== "number") return { after: Math.floor(Date.parse(since) / 1000) };
  const offset = textAt(cursor, stream, "walk", "offset");
  const newest = valueAt(cursor, stream, "walk", "newest");
  if (offset === undefined || typeof newest !== "number") return { after };
  const last = valueAt(cursor, stream, "walk", "last");
  return {
    after,
    walk: {
      offset,
      newest,
      last: typeof last === "number" ? last : undefined,
      ordered: valueAt(cursor, stream, "walk", "ordered") === true,
    },
  };
}
