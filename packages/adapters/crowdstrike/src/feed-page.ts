import { joinBytes } from "@tributary/adapter-kit/poll";
import type { FeedCursor } from "./feed-cursor.ts";
import { steeringOf } from "./steering-of.ts";

/** What a chunk of a feed held. */
export interface FeedPage {
  /** The lines, each as `{"feed":"0","line":...}`, its own bytes within; blank keep-alive lines and lines before the start left out. */
  readonly body: Uint8Array;
  /** How many lines were not blank, those left out included. */
  readonly count: number;
}

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** Makes a page of a feed's lines and moves the cursor behind the last of them. */
export function feedPage(feed: string, lines: readonly Uint8Array[], cursor: FeedCursor, since: string): FeedPage {
  const before = utf8.encode(`{"feed":${JSON.stringify(feed)},"line":`);
  const after = utf8.encode("}\n");
  const start = Date.parse(since);
  const parts: Uint8Array[] = [];
  let count = 0;
  for (const line of lines) {
    const written = text.decode(line);
    if (written.trim() === "") continue;
    count += 1;
    const { offset, createdAt } = steeringOf(written);
    const skips = cursor.skips(feed) && createdAt !== undefined && createdAt < start;
    if (offset !== undefined) cursor.read(feed, offset, skips);
    if (!skips) parts.push(before, line, after);
  }
  return { body: joinBytes(parts), count };
}
