import { gzipSync } from "node:zlib";
import type { FileFacts, OpenFile, TailFileSystem } from "../../src/tail/tail-file-system.ts";

interface Inode {
  readonly number: number;
  bytes: Buffer;
  modifiedAt: number;
  names: number;
  open: number;
}

/** A file system in memory whose every step a test makes. Inodes are used again as soon as they are free. */
export class SimulatedFiles implements TailFileSystem {
  now = Date.UTC(2026, 0, 2);
  /** Paths that may not be opened. */
  readonly forbidden = new Set<string>();
  openNow = 0;
  mostOpen = 0;
  opens = 0;
  readonly #inodes = new Map<number, Inode>();
  readonly #paths = new Map<string, Inode>();

  find(patterns: readonly string[], exclude: readonly string[]): readonly string[] {
    return this.paths.filter((path) => patterns.some(fitting(path)) && !exclude.some(fitting(path)));
  }

  facts(path: string): FileFacts | undefined {
    const inode = this.#paths.get(path);
    return inode && factsOf(inode);
  }

  siblings(): readonly string[] {
    return this.paths;
  }

  open(path: string): Promise<OpenFile> {
    const inode = this.#paths.get(path);
    if (inode === undefined) return Promise.reject(Object.assign(new Error("no such file"), { code: "ENOENT" }));
    if (this.forbidden.has(path)) return Promise.reject(Object.assign(new Error("denied"), { code: "EACCES" }));
    inode.open++;
    this.opens++;
    this.mostOpen = Math.max(this.mostOpen, ++this.openNow);
    return Promise.resolve({
      facts: () => Promise.resolve({ ...factsOf(inode), isDeleted: inode.names === 0 }),
      read: (buffer, position) => Promise.resolve(inode.bytes.copy(buffer, 0, Math.min(position, inode.bytes.length))),
      close: () => {
        inode.open--;
        this.openNow--;
        this.#free(inode);
        return Promise.resolve();
      },
    });
  }

  get paths(): readonly string[] {
    return [...this.#paths.keys()].toSorted();
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  read(path: string): Buffer {
    return this.#paths.get(path)!.bytes;
  }

  write(path: string, bytes: string | Uint8Array): void {
    const inode = this.#paths.get(path) ?? this.#create(path);
    inode.bytes = Buffer.from(bytes);
    inode.modifiedAt = this.now;
  }

  append(path: string, text: string): void {
    const inode = this.#paths.get(path) ?? this.#create(path);
    inode.bytes = Buffer.concat([inode.bytes, Buffer.from(text)]);
    inode.modifiedAt = this.now;
  }

  rename(from: string, to: string): void {
    const inode = this.#paths.get(from)!;
    if (this.#paths.has(to)) this.remove(to);
    this.#paths.delete(from);
    this.#paths.set(to, inode);
  }

  copy(from: string, to: string): void {
    this.write(to, this.read(from));
  }

  gzip(from: string, to: string): void {
    this.write(to, gzipSync(this.read(from)));
  }

  remove(path: string): void {
    const inode = this.#paths.get(path)!;
    this.#paths.delete(path);
    inode.names--;
    this.#free(inode);
  }

  #create(path: string): Inode {
    let number = 1;
    while (this.#inodes.has(number)) number++;
    const inode = { number, bytes: Buffer.alloc(0), modifiedAt: this.now, names: 1, open: 0 };
    this.#inodes.set(number, inode);
    this.#paths.set(path, inode);
    return inode;
  }

  #free(inode: Inode): void {
    if (inode.names === 0 && inode.open === 0) this.#inodes.delete(inode.number);
  }
}

const fitting = (path: string) => (pattern: string) =>
  pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;

function factsOf({ number, bytes, modifiedAt }: Inode): FileFacts {
  return { file: `1:${number}`, size: bytes.length, modifiedAt };
}
