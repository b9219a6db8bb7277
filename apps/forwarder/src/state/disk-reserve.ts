import { randomBytes } from "node:crypto";
import { closeSync, openSync, rmSync, statfsSync, statSync, truncateSync, writeSync } from "node:fs";
import { dirname } from "node:path";

const megabyte = 1024 ** 2;
/** Bytes kept at most, and on a small file system at least; between them an eighth of it. */
const largest = 64 * megabyte;
const smallest = 4 * megabyte;
/** With more room than so many reserves, none is made. */
const plenty = 16;
/** How often the file system is asked for its room, ms. */
const lookMs = 500;

/**
 * A file beside the state whose room is given back when the disk is full, so that what is queued can still be settled: new
 * records need room that only settled ones give back. It exists while the disk is short of room; then new records are taken
 * as long as it is whole, or the state file itself has twice as much room.
 */
export class DiskReserve {
  /** Bytes of the whole. */
  readonly size: number;
  readonly #directory: string;
  readonly #path: string;
  #kept: number;
  #isAdmitting = true;
  /** Until the first look a disk is taken for full. */
  #isSpent = true;
  #lookedAt = -Infinity;

  constructor(statePath: string) {
    this.#directory = dirname(statePath);
    this.#path = `${statePath}.reserve`;
    const { blocks, bsize } = statfsSync(this.#directory);
    const eighth = Math.floor((blocks * bsize) / 8 / megabyte) * megabyte;
    this.size = Math.max(smallest, Math.min(largest, eighth));
    this.#kept = statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Whether it is not whole though the disk is short of room. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /**
   * Whether there is room for new records, and what is kept back besides.
   * @param now ms on a clock that only goes on
   * @param inFile bytes of the state file that hold nothing: settled records left them, and they can settle others too
   */
  admits(now: number, inFile: () => number): boolean {
    if (now - this.#lookedAt < lookMs) return this.#isAdmitting;
    this.#lookedAt = now;
    const { bavail, bsize } = statfsSync(this.#directory);
    const room = bavail * bsize;
    const isPlenty = room >= plenty * this.size;
    if (isPlenty) this.#keep(0);
    else if (this.#kept < this.size && room >= 2 * (this.size - this.#kept)) this.#fill();
    if (isPlenty || this.#kept >= this.size) this.#isSpent = false;
    this.#isAdmitting = !this.#isSpent || this.#kept + inFile() >= 2 * this.size;
    return this.#isAdmitting;
  }

  /** Gives a part of the room back; false when there is none. */
  release(): boolean {
    if (this.#kept === 0) return false;
    this.#keep(this.#kept <= megabyte ? 0 : Math.floor(this.#kept / 2));
    this.#isAdmitting = false;
    this.#isSpent = true;
    return true;
  }

  #keep(bytes: number): void {
    if (bytes === 0) rmSync(this.#path, { force: true });
    else truncateSync(this.#path, bytes);
    this.#kept = bytes;
  }

  #fill(): void {
    // Random: a file system that compresses must not make nothing of it.
    const bytes = randomBytes(megabyte);
    let file: number | undefined;
    try {
      file = openSync(this.#path, "a", 0o600);
      while (this.#kept < this.size) {
        const written = writeSync(file, bytes, 0, Math.min(bytes.length, this.size - this.#kept));
        this.#kept += written;
        if (written === 0) return;
      }
    } catch {
      // What is there is kept.
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }
}
