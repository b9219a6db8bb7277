import { valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import type { FeedCursor } from "./feed-cursor.ts";
import { joined } from "./joined.ts";

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
    const { offset, createdAt } = read(written);
    const skips = cursor.skips(feed) && createdAt !== undefined && createdAt < start;
    if (offset !== undefined) cursor.read(feed, offset, skips);
    if (!skips) parts.push(before, line, after);
  }
  return { body: joined(parts), count };
}

/** The offset of a line of a feed; undefined for what is none. */
export function offsetOf(line: Uint8Array): number | undefined {
  return read(text.decode(line)).offset;
}

function read(line: string): { readonly offset?: number | undefined; readonly createdAt?: number | undefined } {
  let value: Json;
  try {
    // Only what steers reading: the line's bytes go on as they are.
    value = JSON.parse(line);
  } catch {
    return {};
  }
  const offset = valueAt(value, "metadata", "offset");
  const createdAt = valueAt(value, "metadata", "eventCreationTime");
  return {
    offset: typeof offset === "number" && Number.isSafeInteger(offset) ? offset : undefined,
    createdAt: typeof createdAt === "number" ? createdAt : undefined,
  };
}
