import { hash } from "node:crypto";

const initialSlots = 1024;

/**
 * Counts equal frames of one stream (`Origin.occurrence`): 0 for the first, 1 for the second. Frames of JSON are equal
 * when they differ in nothing but white space between tokens, because ids of content do not see it; others byte for byte.
 * An open-addressing table of 64-bit digests, 9 bytes a slot and at most three of four slots used: 12 to 24 bytes a
 * distinct frame. Only what comes more than 255 times has an entry of its own.
 */
export class Occurrences {
  #slots = initialSlots;
  #high = new Uint32Array(initialSlots);
  #low = new Uint32Array(initialSlots);
  /** How often a slot's digest was met, 255 at most; 0 for a free slot. */
  #counts = new Uint8Array(initialSlots);
  #used = 0;
  readonly #many = new Map<string, number>();

  /** Bytes of the table. */
  get bytes(): number {
    return this.#slots * 9;
  }

  /** How many frames equal to this one were counted before. */
  count(frame: Uint8Array): number {
    const digest = hash("sha256", withoutBlanks(frame), "buffer");
    const high = digest.readUInt32LE(0);
    const low = digest.readUInt32LE(4);
    const slot = this.#find(high, low);
    const seen = this.#counts[slot]!;
    if (seen === 0) {
      this.#high[slot] = high;
      this.#low[slot] = low;
      this.#counts[slot] = 1;
      if (++this.#used * 4 >= this.#slots * 3) this.#grow();
      return 0;
    }
    if (seen < 255) {
      this.#counts[slot] = seen + 1;
      return seen;
    }
    const key = `${high} ${low}`;
    const many = this.#many.get(key) ?? 255;
    this.#many.set(key, many + 1);
    return many;
  }

  /** As {@link count}, and the frame is not counted. */
  seen(frame: Uint8Array): number {
    const digest = hash("sha256", withoutBlanks(frame), "buffer");
    const high = digest.readUInt32LE(0);
    const low = digest.readUInt32LE(4);
    const seen = this.#counts[this.#find(high, low)]!;
    return seen < 255 ? seen : (this.#many.get(`${high} ${low}`) ?? seen);
  }

  #find(high: number, low: number): number {
    const mask = this.#slots - 1;
    let slot = low & mask;
    while (this.#counts[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [high, low, counts] = [this.#high, this.#low, this.#counts];
    this.#slots *= 2;
    this.#high = new Uint32Array(this.#slots);
    this.#low = new Uint32Array(this.#slots);
    this.#counts = new Uint8Array(this.#slots);
    for (const [from, count] of counts.entries()) {
      if (count === 0) continue;
      const to = this.#find(high[from]!, low[from]!);
      this.#high[to] = high[from]!;
      this.#low[to] = low[from]!;
      this.#counts[to] = count;
    }
  }
}

const quote = 0x22;
const backslash = 0x5c;

/** A JSON object or array without the white space between its tokens; the bytes themselves where there is none, or no JSON. */
export function withoutBlanks(bytes: Uint8Array): Uint8Array {
  let at = 0;
  while (isBlank(bytes[at])) at++;
  if (bytes[at] !== 0x7b && bytes[at] !== 0x5b) return bytes;
  let kept: Uint8Array | undefined;
  let length = 0;
  let from = 0;
  at = 0;
  while (at < bytes.length) {
    const byte = bytes[at]!;
    if (byte === quote) {
      at = closingQuote(bytes, at + 1);
    } else if (byte <= 0x20 && isBlank(byte)) {
      kept ??= new Uint8Array(bytes.length);
      kept.set(bytes.subarray(from, at), length);
      length += at - from;
      from = at + 1;
    }
    at++;
  }
  if (kept === undefined) return bytes;
  kept.set(bytes.subarray(from), length);
  return kept.subarray(0, length + bytes.length - from);
}

function closingQuote(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
