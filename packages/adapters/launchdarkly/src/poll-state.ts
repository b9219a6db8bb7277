import { valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/**
 * How far a poller has come. A round begins at the newest entry and goes back to `after`; the round that is under way
 * remembers its newest entry and where it goes on. Times in ms.
 */
export interface PollState {
  /** The time of the oldest entry that is asked for. */
  readonly after: number;
  readonly round?: { readonly newest: number; readonly before: number } | undefined;
}

/** The state as a cursor. */
export function cursorOf({ after, round }: PollState): Json {
  return round === undefined ? { v: 1, after } : { v: 1, after, round: { ...round } };
}

/** The state of a cursor; of `since` for a first run and for a cursor that is not of this version. */
export function stateOf(cursor: Json | undefined, since: string): PollState {
  const after = valueAt(cursor, "after");
  if (valueAt(cursor, "v") !== 1 || typeof after !== "number") return { after: Date.parse(since) };
  const newest = valueAt(cursor, "round", "newest");
  const before = valueAt(cursor, "round", "before");
  return typeof newest === "number" && typeof before === "number" ? { after, round: { newest, before } } : { after };
}
