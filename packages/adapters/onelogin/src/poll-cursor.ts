import { textAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** Where a poller of the events is. Times are ISO 8601. */
export interface PollCursor {
  /** What is being read: events created after this time ... */
  readonly since: string;
  /** ... and before this one, where a reading is under way. */
  readonly until?: string | undefined;
  /** The query of the reading's next page, as OneLogin gave it. */
  readonly next?: string | undefined;
  /** The latest `created_at` that the reading has seen. */
  readonly seen?: string | undefined;
}

/** A stored cursor, or the beginning. */
export function readCursor(cursor: Json | undefined, begin: string): PollCursor {
  return {
    since: textAt(cursor, "since") ?? begin,
    until: textAt(cursor, "until"),
    next: textAt(cursor, "next"),
    seen: textAt(cursor, "seen"),
  };
}

/** The cursor as it is stored. */
export function writeCursor({ since, until, next, seen }: PollCursor): Json {
  return {
    v: 1,
    since,
    ...(until === undefined ? {} : { until }),
    ...(next === undefined ? {} : { next }),
    ...(seen === undefined ? {} : { seen }),
  };
}

/** The later of what was seen and what a page's events say, by OneLogin's clock. */
export function latest(seen: string | undefined, events: readonly Json[]): string | undefined {
  let last = Date.parse(seen ?? "");
  for (const event of events) {
    const created = Date.parse(textAt(event, "created_at") ?? "");
    if (!(created <= last) && !Number.isNaN(created)) last = created;
  }
  return Number.isNaN(last) ? undefined : new Date(last).toISOString();
}

/**
 * Where the next reading begins: a little before the latest event of this one, never back. A reading has an end that was the
 * present when it began, however long it took: an event that is shown late, after its place was read, is younger than that.
 */
export function overlapping({ since, seen }: PollCursor, overlapSeconds: number): PollCursor {
  const moved = Date.parse(seen ?? since) - overlapSeconds * 1000;
  return { since: new Date(Math.max(Date.parse(since), moved)).toISOString() };
}
