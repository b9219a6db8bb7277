import { type Adapter, sniffFormat } from "@tributary/adapter-kit";
import { TributaryError } from "@tributary/schema";
import { compressionOf, decompress } from "../input/decompress.ts";
import type { Piece } from "../pipeline/overlong-tap.ts";
import { readRecords } from "../pipeline/read-records.ts";
import { bytesOf } from "./bytes-of.ts";
import type { FollowedFile } from "./followed-file.ts";
import { copyOf, type ReadBefore } from "./known-copies.ts";
import { PrefixDigest } from "./prefix-digest.ts";
import { readLines } from "./read-lines.ts";
import type { OpenFile } from "./tail-file-system.ts";
import { headBytes, headOf, type TailPlace } from "./tail-place.ts";
import type { TailRecords, TailSink } from "./tail-sink.ts";

const sniffBytes = 65_536;
/** So many batches of one file in a row: then it is the turn of others. */
const turns = 16;

export interface TailReaderOptions {
  readonly adapter: Adapter;
  readonly format: string | undefined;
  readonly quietMs: number;
  readonly maxFrameBytes?: number | undefined;
  readonly keep: TailSink["keep"];
  /** Of what a file may be a copy. */
  readonly others: (file: FollowedFile, head: Uint8Array) => Iterable<ReadBefore>;
  /** Told of records and of the place that covers them, in order. */
  readonly take: (file: FollowedFile, records: TailRecords | undefined, place: TailPlace) => Promise<void>;
  /** Told of a file that goes on from the place of another one. */
  readonly adopt: (file: FollowedFile, id: string) => Promise<void>;
  /** Whether to stop. */
  readonly stops: () => boolean;
}

/**
 * What became of a look at a file. `anew`: it was cut or written anew. `other`: it is no copy, and was only read as one. `more`:
 * there is more to read.
 */
export type Looked = "rest" | "more" | "anew" | "other";

/** Reads followed files: lines as they are finished, everything else once it has been quiet for a while. */
export class TailReader {
  readonly #options: TailReaderOptions;

  constructor(options: TailReaderOptions) {
    this.#options = options;
  }

  /** Reads what is new in an open file. @param now ms since 1970 */
  async look(file: FollowedFile, now: number): Promise<Looked> {
    if (file.facts.size === 0) return file.place.position === 0 ? this.#rest(file) : "anew";
    if (file.kind === undefined) {
      const begun = await this.#begin(file, now);
      if (begun !== "begun") return begun;
    }
    return file.kind === "lines" ? this.#lines(file, now) : this.#whole(file, now);
  }

  /** Finds out how a file is read, and whether it goes on where another one was read to. */
  async #begin(file: FollowedFile, now: number): Promise<"begun" | "rest" | "other"> {
    const { adapter, format } = this.#options;
    const open = file.open!;
    const isQuiet = now - file.changedAt >= this.#options.quietMs;
    const start = Buffer.alloc(4);
    await open.read(start, 0);
    const isCompressed = compressionOf(start) !== undefined;
    if (isCompressed && !isQuiet) return this.#wait(file);
    const head = await headBytesOf(decompress(bytesOf(open)));
    const begins = isCompressed ? head.findIndex(isContent) : await contentStart(open, head);
    if (begins < 0) return this.#rest(file);
    const told = begins < head.length ? head.subarray(begins) : await headBytesOf(bytesOf(open, begins));
    const names = Object.keys(adapter.formats);
    const only = names.length === 1 ? names[0] : undefined;
    const said = [format, file.place.format, sniffFormat(adapter, told), only];
    const known = said.find((name) => name !== undefined && names.includes(name));
    if (known === undefined) {
      // A first line that is not finished says little.
      if (!isQuiet && !told.includes(10)) return this.#wait(file);
      throw new TributaryError(
        `${file.path}: no format of ${adapter.name} that can be told by its first bytes. Name one in files.format (${names.join(", ")}).`,
        { code: "INPUT_FORMAT_UNKNOWN" },
      );
    }
    if (file.place.position === 0 && file.place.whole === undefined) {
      const seen = { path: file.path, head, isQuiet };
      const copy = await copyOf(seen, this.#options.others(file, head), () => decompress(bytesOf(open)));
      if (copy === "wait") return this.#wait(file);
      if (copy !== undefined) {
        const { from, position, digest } = copy;
        file.place = { ...file.place, format: known, from, position, digest, ...headOf(head.subarray(0, position)) };
        await this.#options.adopt(file, copy.id);
      } else if (file.mustBeCopy) return "other";
    }
    file.place = { ...file.place, format: known };
    file.kind = !isCompressed && adapter.formats[known]!.frame === "line" ? "lines" : "whole";
    // What is cut while a writer goes on at its old offset begins with a hole: no record, and maybe longer than any.
    if (file.kind === "lines" && file.place.position === 0)
      file.place = { ...file.place, from: begins, position: begins, ...headOf(head.subarray(0, begins)) };
    return "begun";
  }

  async #lines(file: FollowedFile, now: number): Promise<Looked> {
    const { adapter, maxFrameBytes, take, stops } = this.#options;
    const keep = this.#keeping();
    if (!(await file.isSame())) return "anew";
    const options = { counts: adapter.countsOccurrences === true, maxFrameBytes, keep };
    for (let turn = 0; turn < turns; turn++) {
      if (file.unread === 0) return this.#rest(file);
      if (stops()) return "more";
      const unfinished = await this.#endsUnfinished(file, now);
      const lines = await readLines(file, { ...options, unfinished });
      if (lines === undefined) {
        const quietAt = file.changedAt + this.#options.quietMs;
        return this.#rest(file, now < quietAt ? quietAt : undefined);
      }
      await take(file, { ...lines, ...this.#origin(file) }, file.settled());
    }
    return "more";
  }

  /**
   * Whether a last line without its end is a line: nothing was added for a while, and nothing will be, since the file was rotated
   * away, or since it is a whole JSON object, which nothing can go on.
   */
  async #endsUnfinished(file: FollowedFile, now: number): Promise<boolean> {
    const { adapter, quietMs } = this.#options;
    if (now - file.changedAt < quietMs) return false;
    if (file.isRotated || file.isOutside || file.isDeleted) return true;
    if (adapter.formats[file.place.format!]!.parse !== undefined || file.unread > sniffBytes) return false;
    const bytes = Buffer.alloc(file.unread);
    await file.open!.read(bytes, file.place.position);
    const line = bytes.subarray(bytes.lastIndexOf(10) + 1).toString("utf8");
    try {
      return line.trimStart().startsWith("{") && typeof JSON.parse(line) === "object";
    } catch {
      return false;
    }
  }

  async #whole(file: FollowedFile, now: number): Promise<Looked> {
    const { adapter, maxFrameBytes, take, stops, quietMs } = this.#options;
    const keep = this.#keeping();
    if (now - file.changedAt < quietMs) return this.#wait(file);
    const { place: before, state } = file;
    const format = before.format!;
    const made = new PrefixDigest();
    let head: Uint8Array = new Uint8Array();
    let at = 0;
    let isSame = before.position === before.from;
    const onBytes = (bytes: Uint8Array) => {
      if (head.length < headBytes) head = Buffer.concat([head, bytes.subarray(0, headBytes)]);
      const known = Math.max(0, before.position - at);
      made.update(bytes.subarray(Math.max(0, before.from - at), known));
      if (!isSame && at < before.position && at + bytes.length >= before.position)
        isSame = made.value() === before.digest;
      made.update(bytes.subarray(Math.max(known, before.from - at)));
      at += bytes.length;
    };
    const source = decompress(bytesOf(file.open!));
    const reading = readRecords(source, { adapter, format, position: before.position, maxFrameBytes, keep, onBytes });
    for await (const { frames, overlong, position } of reading) {
      if (!isSame) return "anew";
      file.place = {
        ...before,
        ...headOf(head.subarray(0, position)),
        position,
        digest: made.value(),
        whole: undefined,
      };
      await take(file, { frames, overlong, ...this.#origin(file) }, file.place);
      if (stops()) return "more";
    }
    if (!isSame) return "anew";
    file.place = { ...file.place, whole: state };
    await take(file, undefined, file.place);
    return this.#rest(file);
  }

  /** The first piece of a file takes the place of what was kept for nothing before. */
  #keeping(): (piece: Piece) => Promise<void> {
    let isFirst = true;
    return (piece) => {
      const kept = this.#options.keep(piece, isFirst);
      isFirst = false;
      return kept;
    };
  }

  #origin({ path, place }: FollowedFile): Omit<TailRecords, "frames" | "overlong"> {
    return { source: path, format: place.format!, position: place.position };
  }

  #rest(file: FollowedFile, wakeAt?: number): "rest" {
    file.rest(wakeAt);
    return "rest";
  }

  #wait(file: FollowedFile): "rest" {
    return this.#rest(file, file.changedAt + this.#options.quietMs);
  }
}

/** The first bytes of a source; of a broken one, those before the broken place. */
async function headBytesOf(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of source) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= sniffBytes) break;
    }
  } catch {
    // Whoever reads it to its end is told.
  }
  return Buffer.concat(chunks).subarray(0, sniffBytes);
}

const isContent = (byte: number): boolean => byte > 32;

/** Where blanks and zeros at the beginning of a file end; -1 where there is nothing else. @param head its first bytes */
async function contentStart(open: OpenFile, head: Uint8Array): Promise<number> {
  const found = head.findIndex(isContent);
  if (found >= 0) return found;
  let at = 0;
  for await (const chunk of bytesOf(open)) {
    const index = chunk.findIndex(isContent);
    if (index >= 0) return at + index;
    at += chunk.length;
  }
  return -1;
}
