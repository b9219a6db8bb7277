import { createHash, randomUUID } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { TributaryError } from "@tributary/schema";
import { directoryMode } from "./directory-mode.ts";
import { hasCode, nodeFiles, type ObjectFiles } from "./object-files.ts";
import type { Objects } from "./objects.ts";

export interface DirectoryObjectsOptions {
  /** Made when absent, on one local file system. */
  readonly directory: string;
  readonly files?: ObjectFiles | undefined;
}

/** Where a put writes before it links. Not a path of an object: objects' segments cannot begin with a dot. */
const temporary = ".tmp";

/**
 * Objects in a local directory. A put is: temporary file, fsync, mode 0444, link(2), fsync of the directory; so an object is
 * whole, durable and its maker's alone, or absent. A replacement renames where a put links. A deletion removes the directories that
 * it empties. What is read is a file of the directory itself: a pipe would never end, and what a link leads to is not the lake's.
 * Throws `OBJECT_PATH_INVALID`, `OBJECT_EXISTS`, `OBJECT_MISSING`, `OBJECT_NOT_A_FILE`.
 */
export async function openDirectoryObjects(
  options: DirectoryObjectsOptions,
): Promise<Objects & { sweepTemporary(before: number): Promise<number> }> {
  const root = resolve(options.directory);
  const files = options.files ?? nodeFiles;
  /** Directories whose own name this process has made durable. */
  const durable = new Set<string>();
  /** Tries to remove a directory, ended and under way: who met one cannot rely on what it knew of directories before. */
  let removals = 0;
  let removing = 0;
  const undisturbedSince = (before: number): boolean => removing === 0 && removals === before;

  const makeDurable = async (segments: readonly string[]): Promise<void> => {
    let path = root;
    for (const [depth, segment] of segments.entries()) {
      const parent = path;
      path = join(path, segment);
      if (durable.has(path)) continue;
      const before = removals;
      await files.makeDirectory(path, directoryMode(segments.slice(0, depth + 1)));
      // Also when it was there: another process may have made it and not synced it yet.
      await files.sync(parent);
      if (undisturbedSince(before)) durable.add(path);
    }
  };
  const forget = (segments: readonly string[]): void => {
    for (let depth = 1; depth <= segments.length; depth++) durable.delete(join(root, ...segments.slice(0, depth)));
  };
  const removeEmpty = async (segments: readonly string[]): Promise<void> => {
    for (let depth = segments.length; depth > 0; depth--) {
      const path = join(root, ...segments.slice(0, depth));
      removing++;
      durable.delete(path);
      try {
        if (!(await files.removeEmptyDirectory(path))) return;
      } finally {
        durable.delete(path);
        removing--;
        removals++;
      }
    }
  };

  await files.makeDirectory(root);
  await files.sync(dirname(root));
  await makeDurable([temporary]);

  /** The bytes in a file of their own, durable and sealed, for as long as `use` takes. */
  const withTemporary = async (content: Uint8Array, use: (source: string) => Promise<void>): Promise<void> => {
    const source = join(root, temporary, `${process.pid}-${randomUUID()}`);
    try {
      await files.write(source, content);
      await files.seal(source);
      await files.sync(source);
      await use(source);
    } finally {
      await files.unlink(source).catch(() => undefined);
    }
  };

  /** Makes the directory and a name in it, by `place`, and makes both durable. */
  const intoDirectory = async (directory: readonly string[], place: () => Promise<void>): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      const before = removals;
      try {
        await makeDurable(directory);
        await place();
      } catch (error) {
        // The directory was removed as empty just now.
        if (!hasCode(error, "ENOENT") || attempt >= 100) throw error;
        forget(directory);
        continue;
      }
      // Perhaps another put made the directory anew and has not synced its name. No longer empty, it stays now.
      if (!undisturbedSince(before)) {
        forget(directory);
        await makeDurable(directory);
      }
      break;
    }
    await files.sync(join(root, ...directory));
  };

  /** Links `source`, durable and sealed, to the object's path. */
  const publish = async (source: string, path: string, content: () => AsyncIterable<Uint8Array>): Promise<void> => {
    const segments = path.split("/");
    const target = join(root, ...segments);
    await intoDirectory(segments.slice(0, -1), async () => {
      await files.link(source, target).catch((error: unknown) => checkSame(error, path, target, content));
    });
  };
  /** Passes on what is no EEXIST of equal bytes. */
  const checkSame = async (
    error: unknown,
    path: string,
    target: string,
    content: () => AsyncIterable<Uint8Array>,
  ): Promise<void> => {
    if (!hasCode(error, "EEXIST")) throw error;
    if ((await hashOf(content())) !== (await hashOf(files.readChunks(target)))) {
      throw new TributaryError(
        `Object ${path} exists with other bytes; objects never change. Put it under a new path.`,
        { code: "OBJECT_EXISTS" },
      );
    }
  };

  /** Where an object is, after a look whether it is a file. */
  const fileOf = async (path: string): Promise<string> => {
    checkPath(path);
    const file = join(root, path);
    const kind = await files.kind(file);
    if (kind === undefined) throw missing(path);
    if (kind !== "file") throw notAFile(path, kind);
    return file;
  };

  return {
    put: async (path, content) => {
      checkPath(path);
      if (content instanceof Uint8Array)
        return await withTemporary(content, (source) => publish(source, path, () => once(content)));
      await files.seal(content.file);
      await files.sync(content.file);
      try {
        await publish(content.file, path, () => files.readChunks(content.file));
      } catch (error) {
        if (!hasCode(error, "EXDEV")) throw error;
        throw new TributaryError(
          `${content.file} is on another file system than ${root}; make the work directory beside the objects.`,
          { code: "OBJECT_OTHER_FILE_SYSTEM", cause: error },
        );
      }
    },

    replace: async (path, content) => {
      checkPath(path);
      const segments = path.split("/");
      await withTemporary(content, (source) =>
        intoDirectory(segments.slice(0, -1), () => files.rename(source, join(root, ...segments))),
      );
    },

    get: async (path) => {
      return await files.read(await fileOf(path)).catch((error: unknown) => {
        throw hasCode(error, "ENOENT") ? missing(path, error) : error;
      });
    },

    stage: fileOf,

    delete: async (path) => {
      checkPath(path);
      await files.unlink(join(root, path)).catch((error: unknown) => {
        if (!hasCode(error, "ENOENT")) throw error;
      });
      await removeEmpty(path.split("/").slice(0, -1));
    },

    list: async function* (prefix) {
      yield* walk(files, root, "", prefix);
    },

    /** Deletes what killed writers left and nobody has written since `before` (ms since 1970); answers how many. */
    sweepTemporary: async (before) => {
      let swept = 0;
      for (const name of await files.names(join(root, temporary))) {
        const path = join(root, temporary, name);
        try {
          if ((await files.modifiedAt(path)) >= before) continue;
          await files.unlink(path);
          swept += 1;
        } catch (error) {
          // Its writer has finished with it.
          if (!hasCode(error, "ENOENT")) throw error;
        }
      }
      return swept;
    },
  };
}

async function* walk(files: ObjectFiles, root: string, path: string, prefix: string): AsyncGenerator<string> {
  for (const name of (await files.names(join(root, path))).toSorted()) {
    const child = `${path}${name}`;
    if (child.startsWith(".")) continue;
    if (child.endsWith("/")) {
      if (child.startsWith(prefix) || prefix.startsWith(child)) yield* walk(files, root, child, prefix);
    } else if (child.startsWith(prefix)) yield child;
  }
}

async function hashOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Every object's path passes here: a path never leaves the directory, whatever it was made from. */
function checkPath(path: string): void {
  if (path.length <= 1024 && /^(?:[A-Za-z0-9_=-][A-Za-z0-9._=-]*\/)*[A-Za-z0-9_=-][A-Za-z0-9._=-]*$/.test(path)) return;
  throw new TributaryError(
    `${JSON.stringify(path.slice(0, 100))} is not an object path: relative, of segments A-Z a-z 0-9 . _ = - that begin with no dot.`,
    {
      code: "OBJECT_PATH_INVALID",
    },
  );
}

function missing(path: string, cause?: unknown): TributaryError {
  return new TributaryError(`Object ${path} is missing.`, { code: "OBJECT_MISSING", cause });
}

function notAFile(path: string, kind: "directory" | "link" | "other"): TributaryError {
  const what = kind === "other" ? "a pipe or a device" : `a ${kind}`;
  return new TributaryError(
    `Object ${path} is ${what}, and no file: the lake did not put it there. Find out who did, and take the file from a backup.`,
    { code: "OBJECT_NOT_A_FILE" },
  );
}
