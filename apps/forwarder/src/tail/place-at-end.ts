import { compressionOf } from "../input/decompress.ts";
import type { OpenFile } from "./tail-file-system.ts";
import { headBytes, headOf, type TailPlace } from "./tail-place.ts";

const lookedAt = 65_536;

/**
 * The place of a file of which only what comes from now on is read: behind its last line end, so that a line that is being
 * written is read whole. A compressed file is taken for read.
 * @param state size and time
 */
export async function placeAtEnd(place: TailPlace, open: OpenFile, state: string): Promise<TailPlace> {
  const head = Buffer.allocUnsafe(headBytes);
  const first = head.subarray(0, await open.read(head, 0));
  if (compressionOf(first) !== undefined) return { ...place, whole: state };
  const { size } = await open.facts();
  const last = Buffer.allocUnsafe(Math.min(size, lookedAt));
  const found = last.subarray(0, await open.read(last, size - last.length)).lastIndexOf(10);
  const position = found < 0 ? (size > lookedAt ? size : 0) : size - last.length + found + 1;
  return { ...place, from: position, position, ...headOf(first.subarray(0, position)), whole: state };
}
