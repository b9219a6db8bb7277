import type { JsonObject } from "../contract/json.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** A record that the vendor holds. */
export interface HeldRecord {
  /** 0, 1, 2 ... in the order of `at`. */
  readonly n: number;
  /** The record's own time, ms. */
  readonly at: number;
  /** When the vendor's API began to show it, ms: late records are shown after others with a later time. */
  readonly shownAt: number;
  readonly record: JsonObject;
}

/** What a fake vendor answers from. */
export interface VendorWorld {
  readonly now: () => number;
  /** Records shown by now, in the order in which they came to be shown. */
  readonly visible: () => readonly HeldRecord[];
}

/** A vendor's API beside its tests. */
export interface FakeVendor {
  /** Answers one request as the vendor does at this moment; never waits. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The vendor's answer to too many requests, with its headers, that asks to wait about so many seconds. */
  readonly throttled: (seconds: number) => Response;
}

export interface WorldOptions {
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly count: number;
  /** ms of the first and of the last record. */
  readonly from: number;
  readonly until: number;
  /** Seconds a late record is late at the most; every tenth record is late by some of it. */
  readonly latenessSeconds: number;
  readonly record: (n: number, at: number) => JsonObject;
}

/** A world whose records are spread over a span, with ties, some shown late. Times are whole seconds or ms, as `record` writes them. */
export function vendorWorld(options: WorldOptions): VendorWorld & { readonly records: readonly HeldRecord[] } {
  const { clock, random, count, from, until, latenessSeconds } = options;
  let at = from;
  const records = Array.from({ length: count }, (_, n): HeldRecord => {
    // A third share the time of the one before: cursors must not rest on times being different.
    if (n > 0 && random() > 1 / 3) at = from + Math.floor(((until - from) * n) / count);
    const late = random() < 0.1 ? Math.floor(random() * latenessSeconds * 1000) : 0;
    return { n, at, shownAt: at + late, record: options.record(n, at) };
  });
  const shown = records.toSorted((a, b) => a.shownAt - b.shownAt || a.n - b.n);
  return {
    records,
    now: clock.now,
    visible: () => {
      const now = clock.now();
      let low = 0;
      let high = shown.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (shown[middle]!.shownAt <= now) low = middle + 1;
        else high = middle;
      }
      return shown.slice(0, low);
    },
  };
}
