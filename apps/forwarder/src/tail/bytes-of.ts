import type { OpenFile } from "./tail-file-system.ts";

const firstBytes = 16_384;
const readBytes = 262_144;

/** All bytes of an open file, up to its end as it is when that is reached. */
export async function* bytesOf(open: OpenFile): AsyncGenerator<Uint8Array, void, void> {
  // Most look at the beginning alone.
  for (let position = 0, size = firstBytes; ; size = readBytes) {
    const buffer = Buffer.allocUnsafe(size);
    const filled = await open.read(buffer, position);
    if (filled > 0) yield buffer.subarray(0, filled);
    if (filled < size) return;
    position += filled;
  }
}
