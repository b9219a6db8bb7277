import type { JournalRow } from "../catalog/journal-catalog.ts";
import { unpackText } from "../journal/journal-line.ts";

export interface TakenRows {
  readonly positions: readonly number[];
  /** What each row holds, still compressed. */
  readonly blobs: readonly Uint8Array[];
  readonly events: number;
  /** Rows that cannot be decompressed. They stay in the journal, for a person to look at. */
  readonly damaged: readonly number[];
}

const dayMs = 86_400_000;
/** `{"eventid":"` and a UUID and `","eventtime":`, as journalLine writes them. */
const timeOffset = 12 + 36 + 14;

/**
 * The rows that one commit takes, oldest first, whole, as long as their events fall on at most `maxDays` days and their text stays
 * under `maxTextBytes`; at least one. A row of too many other days stays for the next round.
 */
export function takeRows(
  rows: readonly JournalRow[],
  limits: { readonly maxDays: number; readonly maxTextBytes: number },
): TakenRows {
  const positions: number[] = [];
  const blobs: Uint8Array[] = [];
  const damaged: number[] = [];
  const days = new Set<number>();
  let bytes = 0;
  let events = 0;
  for (const row of rows) {
    let text: Buffer;
    let rowDays: ReadonlySet<number>;
    try {
      text = unpackText(row.bytes);
      rowDays = daysOf(text);
    } catch {
      damaged.push(row.pos);
      continue;
    }
    if (positions.length > 0) {
      if (bytes + text.byteLength > limits.maxTextBytes) break;
      if (days.size + [...rowDays].filter((day) => !days.has(day)).length > limits.maxDays) continue;
    }
    for (const day of rowDays) days.add(day);
    positions.push(row.pos);
    blobs.push(row.bytes);
    bytes += text.byteLength;
    events += row.events;
  }
  return { positions, blobs, events, damaged };
}

function daysOf(text: Buffer): ReadonlySet<number> {
  const days = new Set<number>();
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf(10, start);
    const end = newline === -1 ? text.length : newline;
    if (end > start) days.add(Math.floor(eventTimeOf(text, start, end) / dayMs));
    start = end + 1;
  }
  return days;
}

function eventTimeOf(text: Buffer, start: number, end: number): number {
  let value = 0;
  let at = start + timeOffset;
  for (; at < end; at++) {
    const digit = text[at]! - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  if (at > start + timeOffset && text[at] === 44 && text[start + timeOffset - 1] === 58) return value;
  const { eventtime }: { eventtime: number } = JSON.parse(text.toString("utf8", start, end));
  return eventtime;
}
