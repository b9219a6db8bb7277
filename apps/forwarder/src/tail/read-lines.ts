import { defaultMaxFrameBytes, framerOf } from "@tributary/adapter-kit";
import type { Piece } from "../pipeline/overlong-tap.ts";
import { framed, type RecordChunk } from "../pipeline/read-records.ts";
import type { SpooledFrame } from "../state/chunk-codec.ts";
import type { FollowedFile } from "./followed-file.ts";

const batchBytes = 1_048_576;
const lineFeed = 10;

export interface ReadLinesOptions {
  /** See `framed`. */
  readonly counts: boolean;
  /** Take what stands behind the last line end for a line. */
  readonly unfinished: boolean;
  readonly maxFrameBytes?: number | undefined;
  readonly keep: (piece: Piece) => void | Promise<void>;
}

/** Lines that were read, and where the records over the limit are. */
export type Lines = Pick<RecordChunk, "frames" | "overlong">;

/**
 * The next lines of an open file, up to 1 MiB or one line, and takes them into its place. Undefined where there is no end of a
 * line yet. A line that is longer than the limit is never in memory: its end is looked for first, then it is handed on in pieces.
 */
export async function readLines(file: FollowedFile, options: ReadLinesOptions): Promise<Lines | undefined> {
  const { position } = file.place;
  const { size } = file.facts;
  const end = await endOfLines(file, size, options.unfinished);
  if (end === undefined) {
    file.scanned = size;
    return undefined;
  }
  const limit = options.maxFrameBytes ?? defaultMaxFrameBytes;
  if (end - position > Math.max(batchBytes, limit + 2)) return readOverlong(file, end, limit, options);
  const bytes = Buffer.allocUnsafe(end - position);
  if ((await file.open!.read(bytes, position)) < bytes.length) return undefined;
  const framer = framerOf("line", { maxFrameBytes: limit });
  const frames: SpooledFrame[] = [];
  const overlong: { frame: number; from: number; end: number }[] = [];
  for (const frame of [...framer.push(bytes), ...framer.end()]) {
    const offset = position + frame.offset;
    if (frame.tooLong === true) {
      const piece = { position: offset + limit, bytes: bytes.subarray(frame.offset + limit, frame.end) };
      await options.keep(piece);
      overlong.push({ frame: frames.length, from: piece.position, end: position + frame.end });
    }
    frames.push(framed({ bytes: frame.bytes, offset, tooLong: frame.tooLong === true }, options.counts));
  }
  file.advance(bytes);
  file.scanned = 0;
  return { frames, overlong };
}

/** Where the lines end that are read next: the last line end within a batch, or that of a longer line. */
async function endOfLines(file: FollowedFile, size: number, unfinished: boolean): Promise<number | undefined> {
  const { position } = file.place;
  let from = Math.max(position, file.scanned);
  const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(batchBytes, size - from)));
  for (let isFirst = from === position; from < size; isFirst = false) {
    const bytes = buffer.subarray(0, await file.open!.read(buffer.subarray(0, size - from), from));
    if (bytes.length === 0) break;
    const found = isFirst ? bytes.lastIndexOf(lineFeed) : bytes.indexOf(lineFeed);
    if (found >= 0) return from + found + 1;
    from += bytes.length;
  }
  return unfinished && from > position ? from : undefined;
}

async function readOverlong(
  file: FollowedFile,
  end: number,
  limit: number,
  { counts, keep }: ReadLinesOptions,
): Promise<Lines | undefined> {
  const before = file.place;
  const offset = before.position;
  const bytes = Buffer.allocUnsafe(limit);
  if ((await file.open!.read(bytes, offset)) < limit) return undefined;
  file.advance(bytes);
  while (file.place.position < end) {
    const piece = Buffer.allocUnsafe(Math.min(batchBytes, end - file.place.position));
    if ((await file.open!.read(piece, file.place.position)) < piece.length) {
      // It was cut meanwhile.
      file.rewind(before);
      return undefined;
    }
    await keep({ position: file.place.position, bytes: piece });
    file.advance(piece);
  }
  file.scanned = 0;
  return {
    frames: [framed({ bytes, offset, tooLong: true }, counts)],
    overlong: [{ frame: 0, from: offset + limit, end }],
  };
}
