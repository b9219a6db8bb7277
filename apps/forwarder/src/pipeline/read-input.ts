import type { Adapter } from "@tributary/adapter-kit";
import type { Clock } from "../delivery/clock.ts";
import { decompress } from "../input/decompress.ts";
import type { Input } from "../input/input.ts";
import { encodeFrames, offsetsOf, type SpooledFrame } from "../state/chunk-codec.ts";
import type { Cursor, SpooledChunk, Store } from "../state/store.ts";
import type { ReadAgain } from "../state/end-anew.ts";
import type { Piece } from "./overlong-tap.ts";
import { type IntakeChunk, readChunks, type ReadOptions } from "./read-chunks.ts";

/** The next chunk of an input, and the cursor that must be committed with it. */
export interface InputChunk {
  readonly spooled: SpooledChunk;
  readonly frames: readonly SpooledFrame[];
  readonly cursor: Cursor;
  /** Where the rest of records over the limit is; undefined where there were none. */
  readonly overlong: IntakeChunk["overlong"] | undefined;
  /** An earlier reading that was reached with it, and is to be replaced in the same commit. */
  readonly readAgain: ReadAgain | undefined;
}

/** Where the reading of an input ended. */
export interface InputEnd {
  readonly cursor: Cursor;
  /** As in {@link InputChunk}, where there was no chunk any more. */
  readonly readAgain: ReadAgain | undefined;
}

/**
 * Reads an input from where an earlier run stopped. What records have beyond the limit is committed to the store as it comes.
 * @param opened its format and its bytes from the start
 * @param take is given each chunk in turn; false stops the reading
 * @returns undefined when it was stopped before its end
 */
export async function readInput(
  input: Input,
  opened: { readonly format: string; readonly bytes: AsyncIterable<Uint8Array> },
  options: {
    readonly adapter: Adapter;
    readonly store: Store;
    readonly clock: Clock;
    readonly maxFrameBytes?: number | undefined;
    readonly apartBy?: ReadOptions["apartBy"];
  },
  take: (chunk: InputChunk) => Promise<boolean>,
): Promise<InputEnd | undefined> {
  const { adapter, store, clock, maxFrameBytes, apartBy } = options;
  const { source } = input;
  const { format } = opened;
  const known = await store.cursor(source);
  const receivedAt = known?.receivedAt ?? new Date(clock.now()).toISOString();
  const cursor = known === undefined || known.done || !input.rereadable ? undefined : known;
  let first: AsyncIterable<Uint8Array> | undefined = opened.bytes;
  const open = () => {
    const bytes = first ?? decompress(input.open());
    first = undefined;
    return bytes;
  };
  let kept = false;
  const keep = async (piece: Piece) => {
    await store.commit({ ...(kept ? {} : { overlongDone: Number.MAX_SAFE_INTEGER }), overlong: [piece] });
    kept = true;
  };
  let last: Cursor = {
    source,
    position: cursor?.position ?? 0,
    digest: cursor?.digest ?? new Uint8Array(),
    receivedAt,
    done: false,
  };
  /** Written with every cursor until it is reached: whoever goes on with this reading must know of it. */
  let earlier =
    known?.done !== true
      ? cursor?.earlier
      : input.rereadable
        ? { before: await store.nextChunk(), position: known.position, digest: known.digest }
        : undefined;
  let reached: ReadAgain | undefined;
  const onReached = (isSame: boolean) => {
    if (isSame && earlier !== undefined) reached = { source, before: earlier.before, position: earlier.position };
    earlier = undefined;
  };
  const seen = earlier && { ...earlier, onReached };
  const reading = { adapter, format, cursor, maxFrameBytes, apartBy, keep, seen };
  for await (const chunk of readChunks(open, reading)) {
    const { frames, position, digest } = chunk;
    last = { source, position, digest, receivedAt, done: false, earlier };
    const readAgain = reached;
    reached = undefined;
    const spooled = {
      id: await store.nextChunk(),
      source,
      format,
      receivedAt,
      frames: encodeFrames(frames),
      count: frames.length,
      offsets: offsetsOf(frames),
    };
    const overlong = kept ? chunk.overlong : undefined;
    if (!(await take({ spooled, frames, cursor: last, overlong, readAgain }))) return undefined;
  }
  return { cursor: { ...last, earlier }, readAgain: reached };
}
