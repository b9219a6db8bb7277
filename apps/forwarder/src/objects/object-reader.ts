import { type Adapter, sniffFormat } from "@tributary/adapter-kit";
import { TributaryError } from "@tributary/schema";
import { decompress, peek } from "../input/decompress.ts";
import type { Piece } from "../pipeline/overlong-tap.ts";
import { readRecords } from "../pipeline/read-records.ts";
import type { ObjectPlace } from "./object-place.ts";
import type { ObjectSink } from "./object-sink.ts";
import { objectId, objectName, type ObjectRef, type ObjectStore, type OpenObject } from "./object-store.ts";
import { readAhead } from "./read-ahead.ts";

const sniffBytes = 65_536;
const opensAhead = 8;

export interface ObjectReaderOptions {
  readonly adapter: Adapter;
  readonly format: string | undefined;
  readonly store: ObjectStore;
  readonly sink: ObjectSink;
  /** ms since 1970. */
  readonly now: () => number;
  readonly maxFrameBytes?: number | undefined;
}

/** What became of an object. `known`: it was read before. `stopped`: the signal aborted. */
export type ObjectOutcome = "done" | "known" | "gone" | "stopped" | TributaryError;

type Opened = ObjectOutcome | { readonly id: string; readonly open: OpenObject };

/** Reads objects, each from where it was read to, and remembers which are done. Rejects only for what is wrong with the state. */
export class ObjectReader {
  /** Since the start. */
  readonly counts = { read: 0, gone: 0, bytes: 0 };
  readonly #options: ObjectReaderOptions;

  constructor(options: ObjectReaderOptions) {
    this.#options = options;
  }

  /** Reads objects in turn; some are opened ahead. Ends early when the signal aborts. */
  async *read(refs: readonly ObjectRef[], signal: AbortSignal): AsyncGenerator<readonly [ObjectRef, ObjectOutcome]> {
    const opened = readAhead(
      refs,
      opensAhead,
      (ref) => this.#open(ref, signal),
      (one) => close(one),
    );
    for await (const [ref, one] of opened) yield [ref, await this.#finish(one, signal)];
  }

  async #open(ref: ObjectRef, signal: AbortSignal): Promise<Opened> {
    const { store, sink } = this.#options;
    if (signal.aborted) return "stopped";
    try {
      if (ref.etag !== undefined || ref.versionId !== undefined) {
        const id = objectId(ref);
        if (isOver((await sink.places([id])).get(id))) return "known";
      }
      const open = await store.open(ref, signal);
      const id = objectId(open.ref);
      return { id, open };
    } catch (error) {
      if (signal.aborted) return "stopped";
      if (!(error instanceof TributaryError))
        return new TributaryError(String(error), { code: "S3_FAILED", cause: error });
      if (error.code !== "OBJECT_GONE") return error;
      this.counts.gone++;
      return "gone";
    }
  }

  async #finish(one: Opened, signal: AbortSignal): Promise<ObjectOutcome> {
    if (typeof one === "string" || one instanceof TributaryError) return one;
    const { sink } = this.#options;
    try {
      await sink.room(signal);
      if (signal.aborted) return "stopped";
      // Not earlier: two notices may name one object.
      const place = (await sink.places([one.id])).get(one.id);
      return isOver(place) ? "known" : await this.#records(one, place?.position ?? 0, signal);
    } catch (error) {
      if (signal.aborted) return "stopped";
      if (!(error instanceof TributaryError) || error.code === "STATE_FAILED") throw error;
      return error;
    } finally {
      sink.release();
      one.open.close();
    }
  }

  async #records(
    { id, open }: Exclude<Opened, ObjectOutcome>,
    from: number,
    signal: AbortSignal,
  ): Promise<ObjectOutcome> {
    const { adapter, sink, maxFrameBytes } = this.#options;
    const counted = this.#counted(open.bytes);
    const { head, rest } = await peek(decompress(counted), sniffBytes);
    const at = (position: number, state: ObjectPlace["state"]): ReadonlyMap<string, ObjectPlace> =>
      new Map([[id, { ...open.ref, position, state, modifiedAt: open.modifiedAt, at: this.#options.now() }]]);
    let position = from;
    if (head.length > 0 && !isBlank(head)) {
      const format = this.#formatOf(head, objectName(open.ref));
      let isFirst = true;
      const keep = (piece: Piece): Promise<void> => {
        const kept = sink.keep(piece, isFirst);
        isFirst = false;
        return kept;
      };
      const reading = readRecords(rest, { adapter, format, position, maxFrameBytes, keep });
      const source = objectName(open.ref);
      for await (const chunk of reading) {
        position = chunk.position;
        await sink.commit({ records: { ...chunk, source, format }, places: at(position, "reading") });
        await sink.room(signal);
        if (signal.aborted) return "stopped";
      }
    } else for await (const _ of rest);
    await sink.commit({ places: at(position, "done") });
    this.counts.read++;
    return "done";
  }

  async *#counted(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of bytes) {
      this.counts.bytes += chunk.length;
      yield chunk;
    }
  }

  #formatOf(head: Uint8Array, name: string): string {
    const { adapter, format } = this.#options;
    const names = Object.keys(adapter.formats);
    const only = names.length === 1 ? names[0] : undefined;
    const known = format ?? sniffFormat(adapter, head.subarray(0, sniffBytes)) ?? only;
    if (known !== undefined) return known;
    throw new TributaryError(
      `${name}: no format of ${adapter.name} that can be told by its first bytes. Name one in s3.format (${names.join(", ")}).`,
      { code: "INPUT_FORMAT_UNKNOWN" },
    );
  }
}

const isBlank = (bytes: Uint8Array): boolean => bytes.every((byte) => byte <= 32);
const isOver = (place: ObjectPlace | undefined): boolean => place?.state === "done" || place?.state === "gone";

function close(one: Opened): void {
  if (typeof one === "object" && "open" in one) one.open.close();
}
