import type { OpenFile } from "./tail-file-system.ts";

const firstBytes = 16_384;
const readBytes = 262_144;

/** All bytes of an open file from a position on, up to its end as it is when that is reached. */
export async function* bytesOf(open: OpenFile, from = 0): AsyncGenerator<Uint8Array, void, void> {
  // Most look at the beginning alone.
  for (let position = from, size = firstBytes; ; size = readBytes) {
    const buffer = Buffer.allocUnsafe(size);
    const filled = await open.read(buffer, position);
    if (filled > 0) yield buffer.subarray(0, filled);
    if (filled < size) return;
    position += filled;
  }
}
