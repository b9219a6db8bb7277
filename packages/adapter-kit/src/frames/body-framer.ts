import type { Framer } from "./frame.ts";
import { HeldBytes } from "./held-bytes.ts";
import { isBlank } from "./is-blank.ts";

/** The whole source as one frame; none for a blank one. */
export function bodyFramer(maxFrameBytes: number): Framer {
  const held = new HeldBytes(maxFrameBytes);
  let position = 0;
  return {
    push(chunk) {
      held.add(chunk, 0, chunk.length);
      position += chunk.length;
      return [];
    },
    end() {
      const body = held.take(false);
      return body.tooLong !== true && isBlank(body.bytes) ? [] : [{ ...body, offset: 0, end: position }];
    },
  };
}
