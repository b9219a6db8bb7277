import type { OpenFile } from "./tail-file-system.ts";

const readBytes = 262_144;

/** All bytes of an open file, up to its end as it is when that is reached. */
export async function* bytesOf(open: OpenFile): AsyncGenerator<Uint8Array, void, void> {
  for (let position = 0; ;) {
    const buffer = Buffer.allocUnsafe(readBytes);
    const filled = await open.read(buffer, position);
    if (filled > 0) yield buffer.subarray(0, filled);
    if (filled < readBytes) return;
    position += filled;
  }
}
