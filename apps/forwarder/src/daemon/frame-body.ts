import { type Adapter, framerOf } from "@tributary/adapter-kit";
import { TributaryError } from "@tributary/schema";
import { Occurrences } from "../pipeline/occurrences.ts";
import type { SpooledFrame } from "../state/chunk-codec.ts";

/**
 * The records of a page or of a delivery, all of it in hand: no limit of length, which is the body's. Equal records are counted
 * within the body, from 0. Throws `POLL_FAULT` for a format that the adapter has not.
 */
export function frameBody(adapter: Adapter, format: string, body: Uint8Array): readonly SpooledFrame[] {
  const known = Object.hasOwn(adapter.formats, format) ? adapter.formats[format] : undefined;
  if (known === undefined)
    throw new TributaryError(`${adapter.name} handed on a page of the format ${format}, which it has not.`, {
      code: "POLL_FAULT",
    });
  const framer = framerOf(known.frame, { maxFrameBytes: body.length + 1 });
  const occurrences = adapter.countsOccurrences === true ? new Occurrences() : undefined;
  return [...framer.push(body), ...framer.end()].map(({ bytes, offset }) => ({
    bytes,
    offset,
    occurrence: occurrences?.count(bytes) ?? 0,
    tooLong: false,
  }));
}
