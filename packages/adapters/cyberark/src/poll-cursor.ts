import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** Where a poller of the Audit service is. Times are ms since 1970. */
export interface PollCursor {
  /** Where the query at hand begins, a whole second: the service's filter knows no less. */
  readonly from: number;
  /** The service's reference to the next page of that query; undefined before its first page. */
  readonly ref?: string | undefined;
  /** When the query was made, by the service's clock; undefined before. */
  readonly began?: number | undefined;
  /** The latest record that was ever read. */
  readonly latest?: number | undefined;
  /** The last record of this query that was read. */
  readonly last?: number | undefined;
  /** Whether the query's records have come in the order of their times so far, as they were asked for. */
  readonly ordered: boolean;
}

/** Longer references are not kept: a restart then asks the query again. */
const longestRef = 8192;

const floor = (ms: number) => Math.floor(ms / 1000) * 1000;

/** A stored cursor, or the beginning at `since`. */
export function readCursor(cursor: Json | undefined, since: string): PollCursor {
  const from = valueAt(cursor, "from");
  const began = valueAt(cursor, "began");
  const latest = valueAt(cursor, "latest");
  const last = valueAt(cursor, "last");
  return {
    from: typeof from === "number" ? from : floor(Math.max(0, Date.parse(since))),
    ref: textAt(cursor, "ref"),
    began: typeof began === "number" ? began : undefined,
    latest: typeof latest === "number" ? latest : undefined,
    last: typeof last === "number" ? last : undefined,
    ordered: valueAt(cursor, "ordered") !== false,
  };
}

/** The cursor as it is stored. */
export function writeCursor({ from, ref, began, latest, last, ordered }: PollCursor): Json {
  return {
    v: 1,
    from,
    ...(ref === undefined || ref.length > longestRef ? {} : { ref }),
    ...(began === undefined ? {} : { began }),
    ...(latest === undefined ? {} : { latest }),
    ...(last === undefined ? {} : { last }),
    ...(ordered ? {} : { ordered }),
  };
}

/** The cursor after a page: its records' latest time, their order, the next page. */
export function turned(cursor: PollCursor, times: readonly number[], ref: string | undefined): PollCursor {
  let { latest, last, ordered } = cursor;
  for (const time of times) {
    ordered &&= time >= floor(last ?? 0);
    last = time;
    latest = Math.max(latest ?? 0, time);
  }
  return { ...cursor, ref, latest, last, ordered };
}

/**
 * Where the next query begins: so long before the latest record as records may be late, but no later than that before this query
 * was made. However long it took, a record that was shown after its place had been read is younger than that.
 */
export function begunAgain({ from, began, latest }: PollCursor, overlapSeconds: number): PollCursor {
  const moved = Math.min(latest ?? 0, began ?? 0) - overlapSeconds * 1000;
  return { from: Math.max(from, floor(Math.max(0, moved))), latest, ordered: true };
}
