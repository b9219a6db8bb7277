import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TributaryError } from "@tributary/schema";
import { messageOf } from "../message-of.ts";

/** Where the master key is: a file, which may be made when it is the data directory's own, or a value of the environment. */
export type MasterKeySource =
  | { readonly kind: "file"; readonly path: string; readonly own: boolean }
  | { readonly kind: "value"; readonly text: string };

/** 32 bytes in Base64, which may end in a line feed. Throws `MASTER_KEY_NOT_VALID`. */
export function parseMasterKey(text: string, where: string): Uint8Array {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, "base64");
  if (bytes.length !== 32 || bytes.toString("base64") !== trimmed)
    throw new TributaryError(
      `${where} is not a master key: 32 random bytes in Base64, as "openssl rand -base64 32" prints.`,
      {
        code: "MASTER_KEY_NOT_VALID",
      },
    );
  return bytes;
}

/**
 * The master key, and the next one where a change of keys was under way. Throws `MASTER_KEY_MISSING` when there is no file,
 * `MASTER_KEY_NOT_VALID` for other content, and for a file that others than its owner can read.
 */
export function readMasterKeys(
  source: MasterKeySource,
): readonly { readonly key: Uint8Array; readonly next: boolean }[] {
  if (source.kind === "value") return [{ key: parseMasterKey(source.text, "TRIBUTARY_LAKE_MASTER_KEY"), next: false }];
  const { path } = source;
  const next = nextPath(path);
  if (!existsSync(path) && !existsSync(next))
    throw new TributaryError(
      `There is no master key in ${path}. Put the one back that this lake was made with, or name it with --master-key-file; without it no access key can be used.`,
      { code: "MASTER_KEY_MISSING" },
    );
  return [path, next]
    .filter((file) => existsSync(file))
    .map((file) => ({ key: readKeyFile(file), next: file === next }));
}

/** Makes the file with a random key, mode 0600, durable, unless another process was first. Never overwrites. */
export function makeMasterKey(path: string): void {
  // Not the process id: in a container it is the same after a crash.
  const temporary = `${path}.${randomBytes(8).toString("hex")}.new`;
  writeKeyFile(temporary, randomBytes(32));
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  syncDirectory(dirname(path));
}

/** Waits for, and holds, the right to change the file. The lock is the kernel's, so a killed process frees it. */
export function lockMasterKey(path: string): () => void {
  const lock = new DatabaseSync(`${path}.lock`, { timeout: 10_000 });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    throw new TributaryError(`Another command changes the master key ${path}. Try again when it is done.`, {
      code: "MASTER_KEY_IN_CHANGE",
      retryable: true,
      cause,
    });
  }
  return () => lock.close();
}

/** Writes a random key beside the present one, durable, in place of a left-over. {@link promoteNext} puts it in its place. */
export function makeNextMasterKey(path: string): Uint8Array {
  const key = randomBytes(32);
  // Under another name first: half a file in the next key's place would keep the lake from starting.
  const temporary = `${nextPath(path)}.new`;
  rmSync(temporary, { force: true });
  writeKeyFile(temporary, key);
  renameSync(temporary, nextPath(path));
  syncDirectory(dirname(path));
  return key;
}

/** Puts the next key in the place of the present one. Another process may have done so already. */
export function promoteNext(path: string): void {
  try {
    renameSync(nextPath(path), path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  syncDirectory(dirname(path));
}

function nextPath(path: string): string {
  return `${path}.next`;
}

function readKeyFile(path: string): Uint8Array {
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0)
    throw new TributaryError(`Others than its owner can use the master key ${path}. Run: chmod 600 ${path}`, {
      code: "MASTER_KEY_NOT_VALID",
    });
  try {
    return parseMasterKey(readFileSync(path, "utf8"), path);
  } catch (cause) {
    if (cause instanceof TributaryError) throw cause;
    throw new TributaryError(`The master key ${path} cannot be read: ${messageOf(cause)}`, {
      code: "MASTER_KEY_MISSING",
      cause,
    });
  }
}

function writeKeyFile(path: string, key: Uint8Array): void {
  const handle = openSync(path, "wx", 0o600);
  try {
    writeSync(handle, `${Buffer.from(key).toString("base64")}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function syncDirectory(directory: string): void {
  if (process.platform === "win32") return; // Windows has no handle of a directory to sync.
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
