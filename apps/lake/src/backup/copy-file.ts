import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, relative, sep, join } from "node:path";
import { measure } from "../compactor/measure.ts";
import { directoryMode } from "../objects/directory-mode.ts";
import { nodeFiles } from "../objects/object-files.ts";

export interface Measured {
  readonly bytes: number;
  readonly sha256: string;
}

/** Copies a file under a temporary name, durable, and renames it only when `accept` takes what was read. Answers that. */
export async function copyFile(
  source: string,
  target: string,
  mode: number,
  accept: (found: Measured) => void = () => undefined,
): Promise<Measured> {
  const temporary = `${target}.tmp`;
  await rm(temporary, { force: true });
  const from = await open(source, "r");
  try {
    const to = await open(temporary, "wx", 0o600);
    try {
      const hash = createHash("sha256");
      const buffer = Buffer.allocUnsafe(1024 ** 2);
      let bytes = 0;
      for (;;) {
        const { bytesRead } = await from.read(buffer, 0, buffer.length, null);
        if (bytesRead === 0) break;
        const chunk = buffer.subarray(0, bytesRead);
        hash.update(chunk);
        await to.writeFile(chunk);
        bytes += bytesRead;
      }
      const found = { bytes, sha256: hash.digest("hex") };
      accept(found);
      await to.chmod(mode);
      await to.sync();
      await rename(temporary, target);
      return found;
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
    await rm(temporary, { force: true });
  }
}

/** Whether a file is there with this size and hash; it is read. */
export async function isCopied(target: string, { bytes, sha256 }: Measured): Promise<boolean> {
  if (!existsSync(target)) return false;
  const found = await measure(target);
  return found.bytes === bytes && found.sha256 === sha256;
}

/** Makes a file's directory below `root`, and remembers each whose names are to be made durable. */
export async function makeParent(root: string, file: string, touched: Set<string>): Promise<void> {
  let directory = root;
  touched.add(root);
  const segments = relative(root, dirname(file))
    .split(sep)
    .filter((segment) => segment !== "");
  for (const [depth, segment] of segments.entries()) {
    directory = join(directory, segment);
    if (touched.has(directory)) continue;
    await nodeFiles.makeDirectory(directory, directoryMode(segments.slice(0, depth + 1)));
    touched.add(directory);
  }
}

/** Makes the names in directories durable. */
export async function syncAll(directories: Iterable<string>): Promise<void> {
  for (const directory of directories) await nodeFiles.sync(directory);
}
