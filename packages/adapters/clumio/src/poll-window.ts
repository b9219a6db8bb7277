import { textAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** A window [`from`, `to`) of audit events, and the page of it that is read next. Times are ISO 8601. */
export interface PollWindow {
  readonly from: string;
  readonly to: string;
  readonly start: string;
}

/** Where a poller of the audit trails is: between two windows, everything before `to` read, or in one. */
export type PollCursor = Pick<PollWindow, "to"> & Partial<PollWindow>;

/** Clumio shows nothing that is older. */
const retentionMs = 90 * 24 * 3_600_000;
/** The longest window. */
const longestMs = 24 * 3_600_000;

/** A stored cursor, or the beginning. */
export function readCursor(cursor: Json | undefined, begin: string): PollCursor {
  const from = textAt(cursor, "from");
  const to = textAt(cursor, "to") ?? begin;
  const start = textAt(cursor, "start");
  return from === undefined || start === undefined ? { to } : { from, to, start };
}

/** Whether a cursor is in a window. */
export function isWindow(cursor: PollCursor): cursor is PollWindow {
  return cursor.from !== undefined && cursor.start !== undefined;
}

/** A time to begin at: the one given, or as far back as Clumio shows audit events. */
export function withinRetention(since: string, now: number): string {
  return new Date(Math.max(Date.parse(since), now - retentionMs)).toISOString();
}

export interface WindowOptions {
  /** Until where everything has been read. */
  readonly to: string;
  /** Where the first window began; no window begins earlier. */
  readonly begin: string;
  readonly overlapMs: number;
  /** ms since 1970 up to which windows are closed: nothing new comes, apart from what is late. */
  readonly closed: number;
}

/** The next window, which overlaps what was read before; undefined while nothing more is closed. */
export function nextWindow({ to, begin, overlapMs, closed }: WindowOptions): PollWindow | undefined {
  const read = Date.parse(to);
  const end = Math.min(closed, read + longestMs);
  if (end <= read) return undefined;
  const from = Math.max(Date.parse(begin), read - overlapMs);
  return { from: new Date(from).toISOString(), to: new Date(end).toISOString(), start: "1" };
}
