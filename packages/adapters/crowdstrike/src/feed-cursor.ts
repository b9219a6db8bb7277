import { valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** Where each feed was left. */
export interface FeedCursor {
  /** The feeds that were read. */
  feeds(): Iterable<string>;
  /** The first offset that was not read yet: 0 for a feed never read. */
  next(feed: string): number;
  /** Whether the feed's lines are still older than where the poller starts. */
  skips(feed: string): boolean;
  /** Notes the offset of the last line read. */
  read(feed: string, offset: number, skips: boolean): void;
  /** Starts a feed from its oldest line again: what was read comes twice, nothing is skipped. */
  restart(feed: string): void;
  /** `{ v: 1, feeds: { "0": { offset: 7 } } }`; `skips` stands there while it is true. */
  toJson(): Json;
}

/** A {@link FeedCursor} of a page's cursor; undefined for a first run. */
export function feedCursor(given: Json | undefined): FeedCursor {
  const feeds = new Map<string, { readonly offset: number; readonly skips: boolean }>();
  for (const [feed, state] of Object.entries(valueAt(given, "feeds") ?? {})) {
    const offset = valueAt(state, "offset");
    if (typeof offset === "number") feeds.set(feed, { offset, skips: valueAt(state, "skips") === true });
  }
  return {
    feeds: () => feeds.keys(),
    next: (feed) => (feeds.get(feed)?.offset ?? -1) + 1,
    skips: (feed) => feeds.get(feed)?.skips ?? true,
    read: (feed, offset, skips) => void feeds.set(feed, { offset, skips }),
    restart: (feed) => void feeds.set(feed, { offset: -1, skips: false }),
    toJson: () => ({
      v: 1,
      feeds: Object.fromEntries(
        [...feeds].map(([feed, { offset, skips }]) => [feed, skips ? { offset, skips } : { offset }]),
      ),
    }),
  };
}
