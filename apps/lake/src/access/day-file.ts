import {
  closeSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

const namePattern = /^\d{4}-\d\d-\d\d\.ndjson$/;

/** Lines in one file a day of UTC, `YYYY-MM-DD.ndjson`, appended, mode 0600. */
export class DayFile {
  readonly #directory: string;
  #day = "";
  #handle: number | undefined;
  #unsynced = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** In the file when it returns, so the end of this process does not lose it. Throws what the file system throws; no part of the line stays. */
  append(line: string, now: number): void {
    const handle = this.#open(new Date(now).toISOString().slice(0, 10));
    const bytes = Buffer.from(`${line}\n`, "utf8");
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(handle, bytes, written);
      this.#unsynced = true;
    } catch (error) {
      if (written > 0) ftruncateSync(handle, fstatSync(handle).size - written);
      throw error;
    }
  }

  /** Brings what was appended to stable storage. */
  sync(): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined || !this.#unsynced) return Promise.resolve();
    this.#unsynced = false;
    return new Promise((resolve, reject) => fdatasync(handle, (error) => (error ? reject(error) : resolve())));
  }

  /** Deletes the files of days before that of `before`, in ms since 1970. */
  forget(before: number): void {
    const first = `${new Date(before).toISOString().slice(0, 10)}.ndjson`;
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.#directory))
      if (namePattern.test(name) && name < first) unlinkSync(join(this.#directory, name));
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  #open(day: string): number {
    if (this.#handle !== undefined && day === this.#day) return this.#handle;
    this.close();
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    this.#handle = openSync(join(this.#directory, `${day}.ndjson`), "a", 0o600);
    this.#day = day;
    return this.#handle;
  }
}
