import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

export interface PackedFile {
  readonly name: string;
  readonly mode: number;
  readonly bytes: Buffer;
}

/** Every file of a directory by its path in it, and, with a slash at the end, every folder. */
export function filesOf(directory: string): readonly PackedFile[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((name) => {
      const path = join(directory, name);
      const stats = statSync(path);
      const mode = stats.mode & 0o777;
      return stats.isFile()
        ? { name, mode, bytes: readFileSync(path) }
        : { name: `${name}/`, mode, bytes: Buffer.alloc(0) };
    });
}

/** The files as one: JSON of path, mode and Base64, compressed. */
export function pack(files: readonly PackedFile[]): Buffer {
  return brotliCompressSync(
    JSON.stringify(files.map(({ name, mode, bytes }) => [name, mode, bytes.toString("base64")])),
  );
}

/** Writes what {@link pack} packed into a new directory, with the modes that the lake gave. */
export function unpack(packed: Buffer, directory: string): void {
  const files = JSON.parse(brotliDecompressSync(packed).toString("utf8")) as readonly (readonly [
    string,
    number,
    string,
  ])[];
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const [name, mode, text] of files) {
    const path = join(directory, name);
    if (name.endsWith("/")) mkdirSync(path);
    else writeFileSync(path, Buffer.from(text, "base64"));
    // Whatever the umask.
    chmodSync(path, mode);
  }
}
