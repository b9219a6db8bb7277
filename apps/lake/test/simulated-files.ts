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

/**
 * A directory tree that forgets, at a power loss, every byte and every name that was not synced. `crashAt` counts calls from 1.
 */
export class SimulatedFiles implements ObjectFiles {
  calls = 0;
  crashAt = Number.POSITIVE_INFINITY;
  /** Directory -> names in it, as the running system sees them and as the disk has them. */
  readonly #names = new Map<string, Map<string, Inode | "directory">>([["/", new Map()]]);
  readonly #durableNames = new Map<string, Map<string, Inode | "directory">>([["/", new Map()]]);

  /** The tree as the next start finds it. */
  restart(): SimulatedFiles {
    const next = new SimulatedFiles();
    const copy = (path: string): void => {
      const names = new Map<string, Inode | "directory">();
      for (const [name, entry] of this.#durableNames.get(path) ?? []) {
        // A name that is durable, of bytes that are not: the file is there, and what is in it is lost.
        if (entry === "directory") names.set(name, entry);
        else names.set(name, { bytes: entry.durable ?? new Uint8Array(), durable: entry.durable ?? new Uint8Array() });
      }
      next.#names.set(path, names);
      next.#durableNames.set(path, new Map(names));
      for (const [name, entry] of names) if (entry === "directory") copy(join(path, name));
    };
    copy("/");
    return next;
  }

  async makeDirectory(path: string): Promise<void> {
    this.#step();
    let parent = "/";
    for (const name of path.split("/").filter((part) => part !== "")) {
      const names = this.#directory(parent);
      if (!names.has(name)) names.set(name, "directory");
      parent = join(parent, name);
      if (!this.#names.has(parent)) this.#names.set(parent, new Map());
    }
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
    const names = this.#names.get(path);
    if (names !== undefined) {
      this.#durableNames.set(path, new Map(names));
      return;
    }
    const inode = this.#inode(path);
    inode.durable = inode.bytes;
  }

  async link(from: string, to: string): Promise<void> {
    this.#step();
    const [parent, name] = split(to);
    const names = this.#directory(parent);
    if (names.has(name)) fail("EEXIST", to);
    names.set(name, this.#inode(from));
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

  async modifiedAt(path: string): Promise<number> {
    this.#inode(path);
    return 0;
  }

  async names(path: string): Promise<readonly string[]> {
    return [...(this.#names.get(path.replace(/\/$/, "")) ?? [])].map(([name, entry]) =>
      entry === "directory" ? `${name}/` : name,
    );
  }

  #step(): void {
    if (++this.calls >= this.crashAt) throw new PowerLoss(`the power was lost at call ${this.calls}`);
  }

  #directory(path: string): Map<string, Inode | "directory"> {
    return this.#names.get(path) ?? fail("ENOENT", path);
  }

  #inode(path: string): Inode {
    const [parent, name] = split(path);
    const entry = this.#directory(parent).get(name);
    return entry === undefined || entry === "directory" ? fail("ENOENT", path) : entry;
  }
}

function join(path: string, name: string): string {
  return path === "/" ? `/${name}` : `${path}/${name}`;
}

function split(path: string): [string, string] {
  const slash = path.lastIndexOf("/");
  return [slash === 0 ? "/" : path.slice(0, slash), path.slice(slash + 1)];
}
