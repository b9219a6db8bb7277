import type { Frame, Framer } from "./frame.ts";
import { HeldBytes } from "./held-bytes.ts";
import { isBlank } from "./is-blank.ts";

const newline = 10;
const space = 32;
const open = 60;
const isDigit = (byte: number) => byte >= 48 && byte <= 57;
/** LF, CR, NUL: what senders put behind a message, or send to keep the connection. */
const isTrailer = (byte: number) => byte === newline || byte === 13 || byte === 0;

/**
 * One frame a syslog message of a TCP or TLS connection, by either framing of RFC 6587: octet counting (`123 <13>...`, as
 * RFC 5425 asks for) or a line feed after each message. Each message's own beginning tells: digits, a space and a priority
 * are a count. After the first count the connection is taken to count, so that then digits and a space do, and messages
 * may lack the priority. Offsets of a counted message are those of its bytes, without the count. What a connection that ends
 * leaves of a counted message is flagged `unfinished`.
 */
export function syslogFramer(maxFrameBytes: number, options: SyslogFramerOptions = {}): Framer {
  return new SyslogFramer(maxFrameBytes, options.pieces === true);
}

/** How a message over the limit comes out. */
export interface SyslogFramerOptions {
  /**
   * In pieces, all of it: each up to the limit and one byte, flagged `tooLong`, the last one too. Default: its beginning,
   * once it has ended.
   */
  readonly pieces?: boolean;
}

class SyslogFramer implements Framer {
  readonly #held: HeldBytes;
  readonly #limit: number;
  readonly #pieces: boolean;
  /** A piece of this message came out. */
  #isCut = false;
  #where: "start" | "count" | "counted" | "line" = "start";
  #counts = false;
  /** Digits of a count, and what has come of the space and the `<` behind them. */
  #prefix: number[] = [];
  #left = 0;
  #offset = 0;
  #position = 0;
  #frames: Frame[] = [];

  constructor(maxFrameBytes: number, pieces: boolean) {
    this.#limit = maxFrameBytes;
    this.#pieces = pieces;
    this.#held = new HeldBytes(pieces ? maxFrameBytes + 1 : maxFrameBytes);
  }

  push(chunk: Uint8Array): readonly Frame[] {
    this.#frames = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#where === "line") at = this.#line(chunk, at);
      else if (this.#where === "counted") at = this.#counted(chunk, at);
      else at = this.#begin(chunk[at]!, at);
    }
    this.#position += chunk.length;
    return this.#frames;
  }

  end(): readonly Frame[] {
    this.#frames = [];
    if (this.#where === "count") this.#startLine();
    if (this.#held.length > 0) this.#finish(this.#position, this.#where === "line", this.#where === "counted");
    this.#where = "start";
    return this.#frames;
  }

  /** A byte at the beginning of a message or within its count; answers where to go on. */
  #begin(byte: number, at: number): number {
    if (this.#where === "start") {
      if (isTrailer(byte)) return at + 1;
      this.#offset = this.#position + at;
      this.#prefix = [];
      this.#where = "count";
    }
    const last = this.#prefix.at(-1);
    if (last === open || (last === space && this.#counts)) {
      if (last === open && !isDigit(byte)) this.#startLine();
      else this.#startCounted(at);
      return at;
    }
    if (last === space) {
      if (byte !== open) {
        this.#startLine();
        return at;
      }
      this.#prefix.push(byte);
      return at + 1;
    }
    const fits =
      byte === space
        ? this.#prefix.length > 0
        : isDigit(byte) && this.#prefix.length < 10 && (this.#prefix.length > 0 || byte !== 48);
    if (!fits) {
      this.#startLine();
      return at;
    }
    this.#prefix.push(byte);
    return at + 1;
  }

  #startCounted(at: number): void {
    const digits = this.#prefix.filter(isDigit);
    const begun = this.#prefix.at(-1) === open ? 1 : 0;
    this.#held.add(Uint8Array.of(open), 0, begun);
    this.#left = Number(String.fromCharCode(...digits)) - begun;
    this.#offset = this.#position + at - begun;
    this.#counts = true;
    this.#where = "counted";
    // A count of one is spent already.
    if (this.#left === 0) this.#finish(this.#position + at, false);
  }

  /** What was taken for a count is the beginning of a line. */
  #startLine(): void {
    this.#hold(Uint8Array.from(this.#prefix), 0, this.#prefix.length);
    this.#where = "line";
  }

  #counted(chunk: Uint8Array, at: number): number {
    const to = Math.min(chunk.length, at + this.#left);
    this.#hold(chunk, at, to);
    this.#left -= to - at;
    if (this.#left === 0) this.#finish(this.#position + to, false);
    return to;
  }

  #line(chunk: Uint8Array, at: number): number {
    const found = chunk.indexOf(newline, at);
    this.#hold(chunk, at, found < 0 ? chunk.length : found);
    if (found < 0) return chunk.length;
    this.#finish(this.#position + found + 1, true);
    return found + 1;
  }

  /** Takes bytes of the message; those that are over the limit come out before it ends. */
  #hold(chunk: Uint8Array, from: number, to: number): void {
    let at = from;
    while (this.#pieces && to - at > this.#limit + 1 - this.#held.length) {
      const next = at + this.#limit + 1 - this.#held.length;
      this.#held.add(chunk, at, next);
      const { bytes } = this.#held.take(false);
      const end = this.#offset + bytes.length;
      this.#frames.push({ bytes, tooLong: true, offset: this.#offset, end });
      this.#offset = end;
      this.#isCut = true;
      at = next;
    }
    this.#held.add(chunk, at, to);
  }

  #finish(end: number, line: boolean, unfinished = false): void {
    const { bytes, tooLong } = this.#held.take(line);
    const isLong = tooLong === true || this.#isCut || bytes.length > this.#limit;
    if (isLong ? bytes.length > 0 : !isBlank(bytes))
      this.#frames.push({
        bytes,
        offset: this.#offset,
        end,
        ...(isLong && { tooLong: true as const }),
        ...(unfinished && { unfinished: true as const }),
      });
    this.#isCut = false;
    this.#where = "start";
  }
}
