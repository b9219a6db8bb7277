import type { Format } from "../contract/format.ts";
import { bodyFramer } from "./body-framer.ts";
import { csvFramer } from "./csv-framer.ts";
import { elementsFramer } from "./elements-framer.ts";
import { defaultMaxFrameBytes } from "./frame.ts";
import type { Frame, Framer } from "./frame.ts";
import { lineFramer } from "./line-framer.ts";

/** How records are cut from a source. */
export interface FrameOptions {
  /** Longest record in bytes; longer ones come as a frame flagged `tooLong`. Default 16 MiB. */
  readonly maxFrameBytes?: number | undefined;
}

/** The framer of a format, for hosts that have their bytes in hand. */
export function framerOf(frame: Format["frame"], options: FrameOptions = {}): Framer {
  const limit = options.maxFrameBytes ?? defaultMaxFrameBytes;
  if (frame === "line") return lineFramer(limit);
  if (frame === "body") return bodyFramer(limit);
  if (frame === "csv") return csvFramer(limit);
  return elementsFramer(frame.elementsOf, limit);
}

/** The frames of a source, an array for each chunk that ends some. Memory is bounded by the chunk and the longest record. */
export async function* frames(
  frame: Format["frame"],
  source: AsyncIterable<Uint8Array>,
  options: FrameOptions = {},
): AsyncIterable<readonly Frame[]> {
  const framer = framerOf(frame, options);
  for await (const chunk of source) {
    const found = framer.push(chunk);
    if (found.length > 0) yield found;
  }
  const last = framer.end();
  if (last.length > 0) yield last;
}
