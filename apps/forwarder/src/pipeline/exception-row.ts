import type { Again } from "../state/chunk-codec.ts";
import type { ExceptionRow } from "../state/store.ts";
import type { LiveChunk } from "./live-chunk.ts";

/** A reason as the user sees it. */
export interface Reason {
  readonly code: string;
  readonly message: string;
  readonly path?: string | undefined;
}

/** What is written down of a record that is dead or dropped. @param end.requests that carried it @param end.at ms since 1970 */
export function exceptionRow(
  chunk: LiveChunk,
  record: number,
  kind: ExceptionRow["kind"],
  { code, message, path = "" }: Reason,
  { requests, at }: { readonly requests: number; readonly at: number },
): ExceptionRow {
  const {
    number: frame,
    frame: { offset, again },
  } = chunk.original(record);
  return {
    chunk: chunk.id,
    record,
    frame,
    kind,
    code,
    message: message.slice(0, 1024),
    path,
    ...chunk.event(record),
    ...partOf(chunk, record, again),
    offset,
    at,
    attempts: (again?.attempts ?? 0) + requests,
    replays: again?.replays ?? 0,
  };
}

/** Which of its frame's records one is, and how many there are; of a frame that is tried again, as it was the first time. */
function partOf(chunk: LiveChunk, record: number, again: Again | undefined): Pick<ExceptionRow, "part" | "parts"> {
  const frame = chunk.frameOf(record);
  let [first, end] = [record, record + 1];
  // They stand together.
  while (first > 0 && chunk.frameOf(first - 1) === frame) first--;
  while (end < chunk.states.length && chunk.frameOf(end) === frame) end++;
  const { only } = again ?? {};
  return only !== undefined && only.parts.length === end - first
    ? { part: only.parts[record - first]!, parts: only.of }
    : { part: record - first, parts: end - first };
}
