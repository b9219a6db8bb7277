import { VendorError } from "@tributary/adapter-kit/poll";
import type { FalconApi, Feed } from "./falcon-api.ts";
import type { FeedCursor } from "./feed-cursor.ts";
import { lineReader } from "./line-reader.ts";
import type { LineReader } from "./line-reader.ts";
import { steeringOf } from "./steering-of.ts";

/** The feeds that are connected. */
export interface OpenFeeds {
  count(): number;
  /** Whether a feed is known that is not connected, or none is connected. */
  missing(): boolean;
  /** Connects the feeds that are listed and not connected. */
  open(): Promise<void>;
  /** Keeps the sessions whose interval is nearly over. */
  refresh(): Promise<void>;
  /** The next lines of any feed, in turn; undefined when its connection ended. */
  read(): Promise<{ readonly feed: string; readonly lines: readonly Uint8Array[] | undefined }>;
  close(): Promise<void>;
}

interface OpenFeed {
  readonly feed: Feed;
  readonly reader: LineReader;
  /** The lines so far, while none is a feed's: this may be a proxy's page. */
  unproven: readonly Uint8Array[] | undefined;
  refreshAt: number;
  pending?: Promise<{ readonly id: string; readonly lines: readonly Uint8Array[] | undefined }> | undefined;
}

const text = new TextDecoder();
/** So many bytes without a line of a feed are no feed. */
const mostUnproven = 1024 * 1024;
/** Share of the interval after which a session is refreshed. */
const refreshAfter = 0.9;
/** Statuses by which a feed refuses an offset, for instance one that is no longer kept. */
const offsetRefused: ReadonlySet<number> = new Set([400, 404, 410, 416]);

/**
 * Connections to all feeds, read in turn.
 * @param now ms, for the sessions' intervals
 */
export function openFeeds(api: FalconApi, cursor: FeedCursor, now: () => number, signal: AbortSignal): OpenFeeds {
  const open = new Map<string, OpenFeed>();
  const lost = new Set<string>(cursor.feeds());

  const drop = async (id: string): Promise<void> => {
    const dropped = open.get(id);
    open.delete(id);
    lost.add(id);
    await dropped?.reader.cancel();
  };
  const close = async (): Promise<void> => {
    await Promise.all([...open.values()].map(({ reader }) => reader.cancel()));
  };
  const refreshAt = (feed: Feed): number => now() + feed.refreshSeconds * 1000 * refreshAfter;
  signal.addEventListener("abort", () => void close(), { once: true });

  return {
    count: () => open.size,
    missing: () => open.size === 0 || lost.size > 0,
    close,

    async open() {
      for (const feed of await api.feeds()) {
        if (open.has(feed.id)) continue;
        const body = await connected(api, feed, cursor);
        open.set(feed.id, { feed, reader: lineReader(body), unproven: [], refreshAt: refreshAt(feed) });
        lost.delete(feed.id);
      }
    },

    async refresh() {
      for (const [id, held] of open) {
        if (now() < held.refreshAt) continue;
        if (await api.refresh(held.feed)) held.refreshAt = refreshAt(held.feed);
        else await drop(id);
      }
    },

    async read() {
      const reading = [...open].map(([id, held]) => {
        held.pending ??= held.reader.read().then((lines) => ({ id, lines }));
        return held.pending;
      });
      const { id, lines } = await Promise.race(reading);
      const held = open.get(id);
      if (held === undefined || lines === undefined) {
        await drop(id);
        if ((held?.unproven ?? []).length > 0)
          throw new VendorError("VENDOR_ANSWER_INVALID", `What CrowdStrike sent for feed ${id} is no feed.`);
        return { feed: id, lines: undefined };
      }
      held.pending = undefined;
      // To the end of the row: the others come first next time.
      open.delete(id);
      open.set(id, held);
      return { feed: id, lines: proven(held, lines) };
    },
  };
}

/** The lines that may be handed on: all once one of them is a feed's, until then only blank ones. */
function proven(held: OpenFeed, lines: readonly Uint8Array[]): readonly Uint8Array[] {
  if (held.unproven === undefined) return lines;
  const all = [...held.unproven, ...lines];
  if (all.some((line) => steeringOf(text.decode(line)).offset !== undefined)) {
    held.unproven = undefined;
    return all;
  }
  held.unproven = all.filter((line) => line.length > 0);
  if (held.unproven.reduce((length, line) => length + line.length, 0) > mostUnproven)
    throw new VendorError("VENDOR_ANSWER_INVALID", `What CrowdStrike sends for feed ${held.feed.id} is no feed.`);
  return lines.filter((line) => line.length === 0);
}

async function connected(api: FalconApi, feed: Feed, cursor: FeedCursor): Promise<ReadableStream<Uint8Array>> {
  const offset = cursor.next(feed.id);
  let response = await api.connect(feed, offset);
  if (offset > 0 && offsetRefused.has(response.status)) {
    await response.body?.cancel();
    cursor.restart(feed.id);
    response = await api.connect(feed, 0);
  }
  if (response.ok && response.body !== null) return response.body;
  await response.body?.cancel();
  // The session is a new one, so 401 and 403 mean that another connection took the feed: it is asked for again.
  throw new VendorError(
    "VENDOR_UNAVAILABLE",
    `CrowdStrike does not open feed ${feed.id} (HTTP ${response.status}): if this stays, another program may use the same appId.`,
  );
}
