import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { Origin, Result } from "@tributary/adapter-kit";
import { damaged } from "./damage.ts";

/** A record's bytes as they came, and what the intake knows of them. */
export interface SpooledFrame {
  readonly bytes: Uint8Array;
  /** In the decompressed source. */
  readonly offset: number;
  /** Byte-identical frames earlier in the source. */
  readonly occurrence: number;
  /** Longer than the framer's limit: `bytes` is its beginning. */
  readonly tooLong: boolean;
  /** What only the way of some frames tells. */
  readonly about?: FrameOrigin | undefined;
  /** A dead letter that is tried again. */
  readonly again?: Again | undefined;
}

/** Of a frame that came over a network connection. */
export interface FrameOrigin extends Pick<Origin, "header" | "peer"> {
  /** Where in the frame's bytes the record begins: before it stands the syslog header. Default: at their beginning. */
  readonly payload?: number | undefined;
  /** The connection broke within the frame: it is no record. */
  readonly unfinished?: true | undefined;
}

/** What a frame that was a dead letter brings along. */
export interface Again {
  /** The records to try, by their `part`; the frame had `of` of them, and the others have an end. Left out: all of it is tried. */
  readonly only?: { readonly parts: readonly number[]; readonly of: number } | undefined;
  /** Requests that carried it so far. */
  readonly attempts: number;
  /** How often it was put back, this time included. */
  readonly replays: number;
}

/** The column of {@link FrameOrigin}: JSON or NULL. Throws `STATE_DAMAGED`. */
export function decodeAbout(column: unknown): FrameOrigin | undefined {
  return typeof column === "string" ? whole("An origin in the state", () => JSON.parse(column)) : undefined;
}

/** Smallest and largest offset of frames. */
export function offsetsOf(frames: readonly SpooledFrame[]): readonly [first: number, last: number] {
  let [first, last] = [frames[0]?.offset ?? 0, 0];
  for (const { offset } of frames) {
    first = Math.min(first, offset);
    last = Math.max(last, offset);
  }
  return [first, last];
}

/** With a checksum of the content: a flipped bit is an error, and never another record. */
const options = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } };

/** A header of numbers, then the frames end to end, zstd. */
export function encodeFrames(frames: readonly SpooledFrame[]): Uint8Array {
  const header = Buffer.from(
    JSON.stringify({
      lengths: frames.map((frame) => frame.bytes.length),
      offsets: frames.map((frame) => frame.offset),
      occurrences: frames.map((frame) => frame.occurrence),
      tooLong: frames.flatMap((frame, index) => (frame.tooLong ? [index] : [])),
      ...(frames.some(({ about }) => about !== undefined) && { about: frames.map(({ about }) => about ?? null) }),
      again: frames.some(({ again }) => again !== undefined) ? frames.map(({ again }) => again ?? null) : undefined,
    }),
  );
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  return zstdCompressSync(Buffer.concat([size, header, ...frames.map((frame) => frame.bytes)]), options);
}

/** Throws `STATE_DAMAGED`. */
export function decodeFrames(encoded: Uint8Array): readonly SpooledFrame[] {
  return whole("A chunk of the state", () => framesOf(decompress(encoded)));
}

function framesOf(bytes: Buffer): readonly SpooledFrame[] {
  const start = 4 + bytes.readUInt32LE(0);
  const header: {
    readonly lengths: readonly number[];
    readonly offsets: readonly number[];
    readonly occurrences: readonly number[];
    readonly tooLong: readonly number[];
    readonly about?: readonly (FrameOrigin | null)[];
    readonly again?: readonly (Again | null)[];
  } = JSON.parse(bytes.toString("utf8", 4, start));
  const tooLong = new Set(header.tooLong);
  let at = start;
  return header.lengths.map((length, index) => {
    const again = header.again?.[index];
    const frame = {
      bytes: bytes.subarray(at, at + length),
      offset: header.offsets[index]!,
      occurrence: header.occurrences[index]!,
      tooLong: tooLong.has(index),
      about: header.about?.[index] ?? undefined,
      ...(again && { again }),
    };
    at += length;
    return frame;
  });
}

/** What became of a record in the adapter, and of which frame of its chunk it is a part. */
export type MappedRecord = { readonly frame: number; readonly result: Result };

/** A record without its event's text: that follows, of this many UTF-16 code units. */
type Placed = { readonly frame: number; readonly result: Result; readonly length?: number };

const loneSurrogate = /\p{Surrogate}/u;

/** One line of JSON, then the texts of the events end to end as they are, zstd. */
export function encodeResults(records: readonly MappedRecord[]): Uint8Array {
  const texts: string[] = [""];
  const placed = records.map(({ frame, result }): Placed => {
    // A lone surrogate has no UTF-8: only as an escape does it come back.
    if (result.kind !== "event" || loneSurrogate.test(result.eventData)) return { frame, result };
    texts.push(result.eventData);
    return { frame, result: { ...result, eventData: "" }, length: result.eventData.length };
  });
  texts[0] = `${JSON.stringify(placed)}\n`;
  return zstdCompressSync(texts.join(""), options);
}

/** Throws `STATE_DAMAGED`. */
export function decodeResults(encoded: Uint8Array): readonly MappedRecord[] {
  return whole("The mapped events of a chunk of the state", () => resultsOf(decompress(encoded).toString("utf8")));
}

function resultsOf(text: string): readonly MappedRecord[] {
  // Without an event's text behind it, in states of version 1, there is no line's end.
  const end = text.indexOf("\n");
  const placed: readonly Placed[] = JSON.parse(end < 0 ? text : text.slice(0, end));
  let at = end + 1;
  return placed.map(({ frame, result, length }) => {
    if (result.kind !== "event" || length === undefined) return { frame, result };
    const eventData = text.slice(at, (at += length));
    return { frame, result: { ...result, eventData } };
  });
}

export function compressOriginal(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, options);
}

/** Throws `STATE_DAMAGED`. */
export function decompressOriginal(bytes: Uint8Array): Uint8Array {
  return whole("The original bytes of a dead letter", () => decompress(bytes));
}

/**
 * States of earlier versions have frames without a checksum. Where the very bit is flipped that says that there is one, the checksum
 * is left over.
 */
function decompress(bytes: Uint8Array): Buffer {
  // @ts-expect-error -- `info` is not among the types of zstd's functions
  const { buffer, engine }: { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } } =
    zstdDecompressSync(bytes, { info: true });
  if (engine.bytesWritten !== bytes.length) throw new SyntaxError("There is more than was compressed.");
  return buffer;
}

/** Reads something; that it is not what was written becomes `STATE_DAMAGED`, a lack of memory does not. */
function whole<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!isDecodingError(cause)) throw cause;
    throw damaged(`${what} is not what was stored`, cause);
  }
}

function isDecodingError(error: unknown): boolean {
  if (error instanceof SyntaxError || error instanceof TypeError) return true;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code.startsWith("ZSTD_error_")) return code !== "ZSTD_error_memory_allocation";
  return code === "Z_BUF_ERROR" || code === "ERR_OUT_OF_RANGE";
}
