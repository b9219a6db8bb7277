import { joinBytes, VendorError } from "@tributary/adapter-kit/poll";

/** Reads a body as it comes. */
export interface LineReader {
  /** The lines that the next chunk completes, without their ends; blank ones are empty. Undefined once the body ended or broke off. */
  read(): Promise<readonly Uint8Array[] | undefined>;
  cancel(): Promise<void>;
}

/** The longest line of a feed, bytes. */
const longest = 16 * 1024 * 1024;
const lineFeed = 10;
const carriageReturn = 13;

/** A {@link LineReader}. What follows the last line end when a body breaks off is part of a line: it is not given out. */
export function lineReader(body: ReadableStream<Uint8Array>): LineReader {
  const reader = body.getReader();
  let held: Uint8Array[] = [];
  let length = 0;
  const whole = (last: Uint8Array): Uint8Array => {
    const parts = [...held, last];
    held = [];
    length = 0;
    return withoutReturn(parts.length === 1 ? last : joinBytes(parts));
  };
  return {
    async read() {
      const chunk = await reader.read().catch(() => undefined);
      if (chunk?.value === undefined) return undefined;
      const { value } = chunk;
      const lines: Uint8Array[] = [];
      let from = 0;
      for (let end = value.indexOf(lineFeed); end >= 0; end = value.indexOf(lineFeed, from)) {
        lines.push(whole(value.subarray(from, end)));
        from = end + 1;
      }
      if (from < value.length) held.push(value.subarray(from));
      length += value.length - from;
      if (length > longest)
        throw new VendorError("VENDOR_ANSWER_INVALID", `A line of a CrowdStrike feed is longer than ${longest} bytes.`);
      return lines;
    },
    cancel: () => reader.cancel().catch(() => undefined),
  };
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
}
