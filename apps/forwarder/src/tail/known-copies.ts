import { basename } from "node:path";
import { PrefixDigest } from "./prefix-digest.ts";
import { headBytes, headOf, type TailPlace } from "./tail-place.ts";

/** A copy of so little may be chance, where the names have nothing in common. */
const leastBytes = headBytes;

/** What rotation and compression put behind a name: .1, -20260102, .2026-01-02T03, .old, .gz. */
const ending = /(?:[._-]\d[\dT:_-]{0,32}|\.old|\.gz|\.zst)$/;

/** A file's name without what rotation and compression put behind it: app.log of app.log.1, app.log-20260102.gz. */
export function stemOf(path: string): string {
  let stem = basename(path);
  for (let shorter = stem.replace(ending, ""); shorter !== stem && shorter !== ""; shorter = stem.replace(ending, ""))
    stem = shorter;
  return stem;
}

/** Whether one name was made of the other's by rotation. @param path of the copy */
export const isRotatedName = (path: string, first: string): boolean => basename(path).startsWith(stemOf(first));

/** A file of which something was read. */
export interface ReadBefore {
  readonly place: TailPlace;
  /** Undefined where it is gone. */
  readonly live?: {
    readonly unread: number;
    /** Its bytes from its start; undefined where they cannot be had now. */
    readonly bytes?: (() => AsyncIterable<Uint8Array>) | undefined;
  };
}

/**
 * The place that a file seen for the first time goes on from: it holds, byte for byte, all that was read of another one, which
 * is gone, or of whose name its own is made. `wait` where it may be a copy that is still being written, or one of a file that is
 * still being read.
 */
export async function copyOf(
  file: {
    readonly path: string;
    /** First bytes, decompressed. */
    readonly head: Uint8Array;
    readonly isQuiet: boolean;
  },
  others: Iterable<ReadBefore>,
  /** The file's bytes from its start, decompressed. */
  open: () => AsyncIterable<Uint8Array>,
): Promise<TailPlace | "wait" | undefined> {
  const heads = new Map<number, string>();
  const headAt = (length: number): string => {
    let head = heads.get(length);
    if (head === undefined) heads.set(length, (head = headOf(file.head.subarray(0, length)).head));
    return head;
  };
  const fitting: ReadBefore[] = [];
  for (const other of others) {
    const { path, position, from, headLength, head } = other.place;
    if (position === 0 || headLength === 0 || headLength > file.head.length) continue;
    const isLong = other.live === undefined && position - from >= leastBytes;
    if ((isLong || isRotatedName(file.path, path)) && headAt(headLength) === head) fitting.push(other);
  }
  // Of several the one that was read furthest.
  for (const { place, live } of fitting.toSorted((a, b) => b.place.position - a.place.position)) {
    const holds = await holdsAll(place, open());
    if (holds === true) return live !== undefined && live.unread > 0 && !file.isQuiet ? "wait" : place;
    if (holds === false) continue;
    const part = live?.bytes && (await partOf(place, open(), live.bytes()));
    if (part !== undefined) return part;
    if (!file.isQuiet) return "wait";
  }
  return undefined;
}

async function holdsAll({ from, position, digest }: TailPlace, bytes: AsyncIterable<Uint8Array>) {
  const made = new PrefixDigest();
  let at = 0;
  for await (const chunk of bytes) {
    made.update(chunk.subarray(Math.max(0, from - at), Math.max(0, position - at)));
    at += chunk.length;
    if (at >= position) return made.value() === digest;
  }
  return at >= position ? made.value() === digest : "shorter";
}

/** The place at the end of a copy that holds less than was read of its original. */
async function partOf(
  place: TailPlace,
  copy: AsyncIterable<Uint8Array>,
  original: AsyncIterable<Uint8Array>,
): Promise<TailPlace | undefined> {
  const made = new PrefixDigest();
  const theirs = original[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  let at = 0;
  try {
    for await (const chunk of copy) {
      for (let done = 0; done < chunk.length;) {
        if (rest.length === 0) {
          const next = await theirs.next();
          if (next.done === true) return undefined;
          rest = next.value;
        }
        const length = Math.min(rest.length, chunk.length - done);
        const same = chunk.subarray(done, done + length);
        if (Buffer.compare(same, rest.subarray(0, length)) !== 0) return undefined;
        made.update(same.subarray(Math.max(0, place.from - at)));
        rest = rest.subarray(length);
        done += length;
        at += length;
      }
    }
  } finally {
    await theirs.return?.();
  }
  return at < place.from ? undefined : { ...place, position: at, digest: made.value() };
}
