import { createHash } from "node:crypto";
import { type FileHandle, open, rm, unlink } from "node:fs/promises";
import { Readable } from "node:stream";

/** Content whose length and hash are known before it is sent, and that can be sent again. */
export interface SpooledFile {
  readonly length: number;
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  /** From the beginning. */
  stream(): Readable;
  close(): Promise<void>;
}

/** Writes content to `path`. The name is taken away at once, so that not even SIGKILL leaves anything behind. */
export async function spool(path: string, content: AsyncIterable<Uint8Array>): Promise<SpooledFile> {
  await rm(path, { force: true });
  const handle = await open(path, "wx+", 0o600);
  try {
    await unlink(path);
    const hash = createHash("sha256");
    let length = 0;
    for await (const chunk of content) {
      hash.update(chunk);
      length += chunk.length;
      await handle.appendFile(chunk);
    }
    return {
      length,
      sha256: hash.digest("hex"),
      stream: () => Readable.from(chunksOf(handle), { objectMode: false }),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Not the handle's own stream: it closes the handle when it is destroyed. */
async function* chunksOf(handle: FileHandle): AsyncGenerator<Uint8Array> {
  for (let at = 0; ;) {
    const { bytesRead, buffer } = await handle.read({ buffer: Buffer.allocUnsafe(64 * 1024), position: at });
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
