import { textAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** Where a poller of the System Log is. */
export interface PollCursor {
  /** A time before which nothing is missing: where to begin when there is no link, or Okta no longer takes it. ISO 8601. */
  readonly since: string;
  /** Path and query of the last answer's `next` link: opaque, never built. */
  readonly next?: string | undefined;
}

/** Okta returns nothing that is older. */
const retentionMs = 90 * 24 * 3_600_000;
/** How far the clocks of Okta's own servers may be apart: events are in the order of their storage, not of `published`. */
const overlapMs = 5 * 60_000;

/** A stored cursor, or the beginning. */
export function readCursor(cursor: Json | undefined, begin: string): PollCursor {
  return { since: textAt(cursor, "since") ?? begin, next: textAt(cursor, "next") };
}

/** The cursor as it is stored. */
export function writeCursor({ since, next }: PollCursor): Json {
  return next === undefined ? { v: 1, since } : { v: 1, since, next };
}

/** A time to ask from: the one given, or as far back as Okta keeps events. */
export function withinRetention(since: string, now: number): string {
  return new Date(Math.max(Date.parse(since), now - retentionMs)).toISOString();
}

/**
 * `since` moved on to a little before the latest event of a page. One dated in the future does not move it beyond that.
 * @param now Okta's clock, ms
 */
export function movedOn(since: string, events: readonly Json[], now: number): string {
  let latest = Date.parse(since);
  for (const event of events) {
    const published = Math.min(now, Date.parse(textAt(event, "published") ?? ""));
    if (published - overlapMs > latest) latest = published - overlapMs;
  }
  return new Date(latest).toISOString();
}
