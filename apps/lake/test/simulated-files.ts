import type { ObjectFiles } from "../src/objects/object-files.ts";

interface Inode {
  /** What the page cache has. */
  bytes: Uint8Array;
  /** What is on the disk; undefined before the first sync. */
  durable: Uint8Array | undefined;
}

/** Thrown in place of the call at which the machine loses its power. */
export class PowerLoss extends Error {}

function fail(code: string, path: string): never {
  throw Object.assign(new Error(`${code}: ${path}`), { code });
}

interface Directory {
  /** As the running system sees them. */
  readonly names: Map<string, Inode | Directory>;
  /** As the disk has them. */
  durableNames: ReadonlyMap<string, Inode | Directory>;
}

const newDirectory = (): Directory => ({ names: new Map(), durableNames: new Map() });
const isDirectory = (entry: Inode | Directory): entry is Directory => "names" in entry;

/**
 * A directory tree that forgets, at a power loss, every byte and every name that was not synced. `crashAt` counts calls from 1.
 */
export class SimulatedFiles implements ObjectFiles {
  calls = 0;
  crashAt = Number.POSITIVE_INFINITY;
  #root = newDirectory();

  /** The tree as the next start finds it. */
  restart(): SimulatedFiles {
    const next = new SimulatedFiles();
    const copy = ({ durableNames }: Directory): Directory => {
      const names = new Map<string, Inode | Directory>();
      for (const [name, entry] of durableNames) {
        // A name that is durable, of bytes that are not: the file is there, and what is in it is lost.
        if (isDirectory(entry)) names.set(name, copy(entry));
        else names.set(name, { bytes: entry.durable ?? new Uint8Array(), durable: entry.durable ?? new Uint8Array() });
      }
      return { names, durableNames: new Map(names) };
    };
    next.#root = copy(this.#root);
    return next;
  }

  async makeDirectory(path: string): Promise<void> {
    this.#step();
    let directory = this.#root;
    for (const name of segmentsOf(path)) {
      const entry = directory.names.get(name) ?? newDirectory();
      if (!isDirectory(entry)) fail("EEXIST", path);
      directory.names.set(name, entry);
      directory = entry;
    }
  }

  async removeEmptyDirectory(path: string): Promise<boolean> {
    this.#step();
    const entry = this.#find(path);
    if (entry === undefined || !isDirectory(entry) || entry.names.size > 0) return false;
    const [parent, name] = split(path);
    return this.#directory(parent).delete(name);
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    this.#step();
    const [parent, name] = split(path);
    const names = this.#directory(parent);
    if (names.has(name)) fail("EEXIST", path);
    names.set(name, { bytes: Uint8Array.from(bytes), durable: undefined });
  }

  async seal(): Promise<void> {
    this.#step();
  }

  async sync(path: string): Promise<void> {
    this.#step();
    const entry = this.#find(path) ?? fail("ENOENT", path);
    if (isDirectory(entry)) entry.durableNames = new Map(entry.names);
    else entry.durable = entry.bytes;
  }

  async link(from: string, to: string): Promise<void> {
    this.#step();
    const [parent, name] = split(to);
    const names = this.#directory(parent);
    if (names.has(name)) fail("EEXIST", to);
    names.set(name, this.#inode(from));
  }

  async rename(from: string, to: string): Promise<void> {
    this.#step();
    const inode = this.#inode(from);
    const [oldParent, oldName] = split(from);
    this.#directory(oldParent).delete(oldName);
    const [parent, name] = split(to);
    this.#directory(parent).set(name, inode);
  }

  async unlink(path: string): Promise<void> {
    this.#step();
    this.#inode(path);
    const [parent, name] = split(path);
    this.#directory(parent).delete(name);
  }

  async read(path: string): Promise<Uint8Array> {
    return this.#inode(path).bytes;
  }

  async *readChunks(path: string): AsyncGenerator<Uint8Array> {
    yield this.#inode(path).bytes;
  }

  async kind(path: string): Promise<"file" | "directory" | undefined> {
    const entry = this.#find(path);
    return entry && (isDirectory(entry) ? "directory" : "file");
  }

  async modifiedAt(path: string): Promise<number> {
    this.#inode(path);
    return 0;
  }

  async names(path: string): Promise<readonly string[]> {
    const entry = this.#find(path);
    if (entry === undefined || !isDirectory(entry)) return [];
    return [...entry.names].map(([name, child]) => (isDirectory(child) ? `${name}/` : name));
  }

  #step(): void {
    if (++this.calls >= this.crashAt) throw new PowerLoss(`the power was lost at call ${this.calls}`);
  }

  #find(path: string): Inode | Directory | undefined {
    let entry: Inode | Directory | undefined = this.#root;
    for (const name of segmentsOf(path))
      entry = entry !== undefined && isDirectory(entry) ? entry.names.get(name) : undefined;
    return entry;
  }

  #directory(path: string): Map<string, Inode | Directory> {
    const entry = this.#find(path);
    return entry !== undefined && isDirectory(entry) ? entry.names : fail("ENOENT", path);
  }

  #inode(path: string): Inode {
    const entry = this.#find(path);
    return entry === undefined || isDirectory(entry) ? fail("ENOENT", path) : entry;
  }
}

const segmentsOf = (path: string): string[] => path.split("/").filter((part) => part !== "");

function split(path: string): [string, string] {
  const slash = path.lastIndexOf("/");
  return [slash === 0 ? "/" : path.slice(0, slash), path.slice(slash + 1)];
}
