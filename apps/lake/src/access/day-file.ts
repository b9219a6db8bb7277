import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/** What was deleted to keep within the bytes of all files. */
export interface Trimmed {
  readonly files: number;
  readonly bytes: number;
}

interface Part {
  readonly name: string;
  readonly day: string;
  /** 1 for `YYYY-MM-DD.ndjson`, N for `YYYY-MM-DD.N.ndjson`. */
  readonly number: number;
}

/** A file holds no more than this part of all bytes, so that no more goes at a time. */
const share = 16;

/**
 * Lines in files, appended, mode 0600: `YYYY-MM-DD.ndjson` of a day of UTC, and when that is full `YYYY-MM-DD.2.ndjson` and on. When
 * all of them together would pass `maxBytes` the oldest are deleted.
 */
export class DayFile {
  readonly #directory: string;
  readonly #maxBytes: number;
  #part: Part | undefined;
  #handle: number | undefined;
  /** Of the open file. */
  #size = 0;
  #unsynced = false;
  #trimmed: Trimmed | undefined;

  constructor(directory: string, maxBytes: number = Number.POSITIVE_INFINITY) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
  }

  /** In the file when it returns, so the end of this process does not lose it. Throws what the file system throws; no part of the line stays. */
  append(line: string, now: number): void {
    const bytes = Buffer.from(`${line}\n`, "utf8");
    const handle = this.#open(new Date(now).toISOString().slice(0, 10), bytes.length);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(handle, bytes, written);
      this.#size += bytes.length;
      this.#unsynced = true;
    } catch (error) {
      if (written > 0) ftruncateSync(handle, fstatSync(handle).size - written);
      throw error;
    }
  }

  /** Brings what was appended to stable storage. The next line makes a file anew when somebody has deleted this one. */
  sync(): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined) return Promise.resolve();
    if (fstatSync(handle).nlink === 0) return this.reopen();
    if (!this.#unsynced) return Promise.resolve();
    this.#unsynced = false;
    return new Promise((resolve, reject) => fdatasync(handle, (error) => (error ? reject(error) : resolve())));
  }

  /** The next line goes to the file that has the name then: this one may have been moved away. */
  reopen(): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined) return Promise.resolve();
    this.#handle = undefined;
    this.#part = undefined;
    this.#unsynced = false;
    return new Promise((resolve, reject) =>
      fdatasync(handle, (error) => {
        closeSync(handle);
        if (error) reject(error);
        else resolve();
      }),
    );
  }

  /** Deletes the files of days before that of `before`, in ms since 1970. */
  forget(before: number): void {
    const first = new Date(before).toISOString().slice(0, 10);
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    for (const { day, name } of this.#parts()) if (day < first) unlinkSync(join(this.#directory, name));
  }

  /** What was deleted for want of room since it was last asked; undefined: nothing. */
  takeTrimmed(): Trimmed | undefined {
    const trimmed = this.#trimmed;
    this.#trimmed = undefined;
    return trimmed;
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
    this.#part = undefined;
  }

  /** The file for a line of this length. */
  #open(day: string, length: number): number {
    const fits = (size: number): boolean => size === 0 || size + length <= this.#maxBytes / share;
    if (this.#handle !== undefined && this.#part?.day === day && fits(this.#size)) return this.#handle;
    // The next sync is of the next file.
    if (this.#handle !== undefined && this.#unsynced) fdatasyncSync(this.#handle);
    this.#unsynced = false;
    this.close();
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const last = this.#parts().findLast((part) => part.day === day);
    const part = last !== undefined && fits(this.#sizeOf(last)) ? last : partOf(day, (last?.number ?? 0) + 1);
    this.#trim(part, length);
    this.#handle = openSync(join(this.#directory, part.name), "a", 0o600);
    this.#size = fstatSync(this.#handle).size;
    this.#part = part;
    return this.#handle;
  }

  /** Makes room for a file to become full. */
  #trim(keep: Part, length: number): void {
    if (this.#maxBytes === Number.POSITIVE_INFINITY) return;
    const others = this.#parts().filter(({ name }) => name !== keep.name);
    const sized = others.map((part) => ({ part, size: this.#sizeOf(part) }));
    let total = sized.reduce((sum, { size }) => sum + size, 0) + Math.max(this.#maxBytes / share, length);
    for (const { part, size } of sized) {
      if (total <= this.#maxBytes) break;
      unlinkSync(join(this.#directory, part.name));
      total -= size;
      const { files = 0, bytes = 0 } = this.#trimmed ?? {};
      this.#trimmed = { files: files + 1, bytes: bytes + size };
    }
  }

  #sizeOf({ name }: Part): number {
    return statSync(join(this.#directory, name)).size;
  }

  /** In the order of time. */
  #parts(): readonly Part[] {
    return readdirSync(this.#directory)
      .flatMap((name) => {
        const [, day, number] = /^(\d{4}-\d\d-\d\d)(?:\.([1-9]\d{0,8}))?\.ndjson$/.exec(name) ?? [];
        return day === undefined ? [] : [{ name, day, number: Number(number ?? 1) }];
      })
      .toSorted((a, b) => (a.day === b.day ? a.number - b.number : a.day < b.day ? -1 : 1));
  }
}

function partOf(day: string, number: number): Part {
  return { day, number, name: number === 1 ? `${day}.ndjson` : `${day}.${number}.ndjson` };
}
