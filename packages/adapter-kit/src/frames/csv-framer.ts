import type { Frame, Framer } from "./frame.ts";
import { HeldBytes } from "./held-bytes.ts";
import { isBlank } from "./is-blank.ts";

/**
 * One frame a row of RFC 4180 (quoted cells may hold line ends). The first row is the header and no frame of its own; each
 * frame's bytes are the header, a line feed and the row, so that a frame can be read alone; its offsets are the row's.
 */
export function csvFramer(maxFrameBytes: number): Framer {
  const held = new HeldBytes(maxFrameBytes);
  let position = 0;
  let start = 0;
  let header: Uint8Array | undefined;
  let quoted = false;
  let previous = 44;
  const finish = (end: number, frames: Frame[]) => {
    const row = held.take(true);
    if (row.tooLong === true || !isBlank(row.bytes)) {
      if (header === undefined) header = row.bytes;
      else frames.push({ ...row, bytes: joined(header, row.bytes), offset: start, end });
    }
    start = end;
  };
  return {
    push(chunk) {
      const frames: Frame[] = [];
      let from = 0;
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at]!;
        if (byte === 34) {
          // A quote opens a cell at its start, closes it, and straight after the close opens it again: a doubled quote.
          if (quoted) quoted = false;
          else if (previous === 44 || previous === 10 || previous === 34 || (previous === 0xbf && position + at === 3))
            quoted = true;
        } else if (byte === 10 && !quoted) {
          held.add(chunk, from, at);
          finish(position + at + 1, frames);
          from = at + 1;
        }
        previous = byte;
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

function joined(header: Uint8Array, row: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(header.length + 1 + row.length);
  bytes.set(header);
  bytes[header.length] = 10;
  bytes.set(row, header.length + 1);
  return bytes;
}
