import { createReadStream } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { TributaryError } from "@tributary/schema";

/** Something with records in it. */
export interface Input {
  /** What the user sees. */
  readonly name: string;
  /** The key of its cursor: a real path, `-` for standard input. */
  readonly source: string;
  /** Whether it can be read again; what cannot is spooled to its end even when nothing can be sent. */
  readonly rereadable: boolean;
  open(): AsyncIterable<Uint8Array>;
}

/**
 * The inputs an argument list names: files, all files below a directory in sorted order (dot files left out), `-` for
 * standard input. Throws `INPUT_NOT_FOUND`.
 */
export async function findInputs(
  names: readonly string[],
  stdin: AsyncIterable<Uint8Array>,
): Promise<readonly Input[]> {
  const inputs: Input[] = [];
  const seen = new Set<string>();
  for (const name of names) {
    const found =
      name === "-"
        ? [{ name: "standard input", source: "-", rereadable: false, open: () => stdin }]
        : await filesOf(name);
    for (const input of found) {
      if (seen.has(input.source)) continue;
      seen.add(input.source);
      inputs.push(input);
    }
  }
  return inputs;
}

async function filesOf(name: string): Promise<readonly Input[]> {
  const kind = await stat(name).catch((cause: unknown) => {
    throw new TributaryError(`${name} cannot be read: there is no such file or directory, or no permission.`, {
      code: "INPUT_NOT_FOUND",
      cause,
    });
  });
  if (!kind.isDirectory()) return [fileInput(name, await realpath(name))];
  const entries = await readdir(name, { withFileTypes: true });
  const inputs: Input[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith(".")) continue;
    const path = join(name, entry.name);
    if (entry.isDirectory()) inputs.push(...(await filesOf(path)));
    else if (entry.isFile()) inputs.push(fileInput(path, await realpath(path)));
  }
  return inputs;
}

function fileInput(name: string, source: string): Input {
  return { name, source, rereadable: true, open: () => createReadStream(source, { highWaterMark: 262_144 }) };
}
