import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CreateAdapterError } from "./create-adapter-error.ts";

/**
 * Throws `DIRECTORY_NOT_USABLE` unless nothing is at the path, or an empty directory; a repository that was just begun (`.git`
 * alone) counts as empty.
 */
export function checkDirectory(directory: string): void {
  let found: readonly string[];
  try {
    found = readdirSync(directory);
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return;
    throw notUsable(
      directory,
      codeOf(cause) === "ENOTDIR" ? "is a file" : `cannot be looked into (${codeOf(cause)})`,
      cause,
    );
  }
  if (found.some((name) => name !== ".git")) throw notUsable(directory, `is not empty: it has ${found[0] ?? ""}`);
}

/** Writes files below a directory. No file that is there already is written over. Throws `DIRECTORY_NOT_USABLE`. */
export function writePackage(directory: string, files: ReadonlyMap<string, string>): void {
  checkDirectory(directory);
  try {
    for (const [path, text] of files) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { flag: "wx" });
    }
  } catch (cause) {
    throw notUsable(directory, `cannot be written (${codeOf(cause)})`, cause);
  }
}

function notUsable(directory: string, why: string, cause?: unknown): CreateAdapterError {
  return new CreateAdapterError(
    "DIRECTORY_NOT_USABLE",
    `${directory} ${why}. Name another one with --directory.`,
    cause,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "error";
}
