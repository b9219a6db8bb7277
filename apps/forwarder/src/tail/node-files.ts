import { type BigIntStats, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expandPattern } from "./expand-pattern.ts";
import type { FileFacts, TailFileSystem } from "./tail-file-system.ts";

/** The file system of this machine. */
export const nodeFiles: TailFileSystem = {
  find(patterns, exclude) {
    const left = new Set(exclude.flatMap((pattern) => expandPattern(pattern)));
    const found = new Set<string>();
    const add = (path: string): void => {
      if (left.has(path)) return;
      const kind = statOf(path);
      if (kind?.isDirectory() === true) for (const below of filesBelow(path)) add(below);
      else if (kind?.isFile() === true) found.add(path);
    };
    for (const pattern of patterns) for (const path of expandPattern(pattern)) add(path);
    return [...found].toSorted();
  },
  facts(path) {
    const stats = statOf(path);
    return stats?.isFile() === true ? factsOf(stats) : undefined;
  },
  siblings(path) {
    try {
      const directory = dirname(realDirectory(path));
      return readdirSync(directory)
        .toSorted()
        .map((name) => join(directory, name));
    } catch {
      return [];
    }
  },
  async open(path) {
    const handle = await open(path, "r");
    return {
      async facts() {
        const stats = await handle.stat({ bigint: true });
        return { ...factsOf(stats), isDeleted: stats.nlink === 0n };
      },
      async read(buffer, position) {
        let filled = 0;
        while (filled < buffer.length) {
          const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return filled;
      },
      close: () => handle.close(),
    };
  },
};

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // No permission on the way, a loop of links: tried again with the next pass.
    return undefined;
  }
}

function factsOf(stats: BigIntStats | Stats): FileFacts {
  return { file: `${stats.dev}:${stats.ino}`, size: Number(stats.size), modifiedAt: Number(stats.mtimeMs) };
}

/** A symbolic link's own directory says nothing of what it led to: rotated files lie beside that. */
function realDirectory(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Of a directory, without dot files; symbolic links to directories are not followed. */
function filesBelow(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith("."))
      .filter((entry) => !entry.isSymbolicLink() || statOf(join(directory, entry.name))?.isFile() === true)
      .map((entry) => join(directory, entry.name));
  } catch {
    return [];
  }
}
