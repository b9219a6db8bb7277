import type { Frame, Framer } from "./frame.ts";
import { HeldBytes } from "./held-bytes.ts";
import { isBlank } from "./is-blank.ts";

/** One frame a line, ended by LF, CRLF or the end of the source. Blank lines (keep-alives) are no records and no frames. */
export function lineFramer(maxFrameBytes: number): Framer {
  const held = new HeldBytes(maxFrameBytes);
  let position = 0;
  let start = 0;
  const finish = (end: number, frames: Frame[]) => {
    const line = held.take(true);
    if (line.tooLong === true || !isBlank(line.bytes)) frames.push({ ...line, offset: start, end });
    start = end;
  };
  return {
    push(chunk) {
      const frames: Frame[] = [];
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        const end = position + at + 1;
        if (held.length === 0) {
          const to = chunk[at - 1] === 13 && at > from ? at - 1 : at;
          const bytes = chunk.subarray(from, Math.min(to, from + maxFrameBytes));
          if (to - from > maxFrameBytes) frames.push({ bytes, offset: start, end, tooLong: true });
          else if (!isBlank(bytes)) frames.push({ bytes, offset: start, end });
          start = end;
        } else {
          held.add(chunk, from, at);
          finish(end, frames);
        }
        from = at + 1;
      }
      held.add(chunk, from, chunk.length);
      position += chunk.length;
      return frames;
    },
    end() {
      const frames: Frame[] = [];
      if (held.length > 0) finish(position, frames);
      return frames;
    },
  };
}
