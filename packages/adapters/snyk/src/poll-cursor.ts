import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** A search, oldest first, and the way through it. */
export interface Pass {
  readonly v: 1;
  /** ISO: the search's `from`, which it includes. */
  readonly from: string;
  /** Snyk's cursor of the next page. */
  readonly next?: string;
  /** When the search began, by Snyk's clock, ms. */
  readonly began?: number;
  /** The time of the newest record it has shown, ms. */
  readonly newest?: number;
}

/** Snyk keeps so many days. */
const keptDays = 90;
const day = 86_400_000;

/** The pass that a run begins with at a time: as far back as was asked for, or as Snyk keeps. */
export function firstPass(since: string, now: number): Pass {
  return { v: 1, from: new Date(Math.max(Date.parse(since), now - keptDays * day)).toISOString() };
}

/**
 * The search after this one. What Snyk shows later than this one began is no older than that less the overlap; what it showed
 * before, this one has read up to its newest record.
 */
export function nextPass({ from, began, newest }: Pass, overlapMinutes: number): Pass {
  if (began === undefined) return { v: 1, from };
  // A scope in which nothing happens must not ask for what Snyk keeps no more.
  if (newest === undefined) return firstPass(from, began);
  const back = Math.min(began, newest) - overlapMinutes * 60_000;
  return { v: 1, from: new Date(Math.max(Date.parse(from), back)).toISOString() };
}

/** A stored cursor; undefined for one of another version: the poller then begins again, and repeats rather than skips. */
export function resumed(cursor: Json | undefined): Pass | undefined {
  const from = textAt(cursor, "from");
  if (valueAt(cursor, "v") !== 1 || from === undefined || Number.isNaN(Date.parse(from))) return undefined;
  const next = textAt(cursor, "next");
  const began = valueAt(cursor, "began");
  const newest = valueAt(cursor, "newest");
  return {
    v: 1,
    from,
    ...(next === undefined ? {} : { next }),
    ...(typeof began === "number" ? { began } : {}),
    ...(typeof newest === "number" ? { newest } : {}),
  };
}
