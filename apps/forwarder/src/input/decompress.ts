import { createGunzip, createZstdDecompress } from "node:zlib";
import { TributaryError } from "@tributary/schema";

/**
 * Plain bytes of a source that may be gzip or zstd, told by its first bytes. What was inflated before a broken place is
 * handed over first; then it throws `INPUT_BROKEN`.
 */
export async function* decompress(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const { head, rest } = await peek(source, 4);
  const kind = compressionOf(head);
  if (kind === undefined) yield* rest;
  else yield* inflate(kind, rest);
}

/** Reads at least `size` bytes where there are as many, and hands back the source with them still in front. */
export async function peek(
  source: AsyncIterable<Uint8Array>,
  size: number,
): Promise<{ readonly head: Uint8Array; readonly rest: AsyncGenerator<Uint8Array, void, void> }> {
  const iterator = source[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let failure: { readonly error: unknown } | undefined;
  let ended = false;
  while (length < size && !ended) {
    try {
      const next = await iterator.next();
      if (next.done === true) ended = true;
      else {
        chunks.push(next.value);
        length += next.value.length;
      }
    } catch (error) {
      failure = { error };
      ended = true;
    }
  }
  async function* rest(): AsyncGenerator<Uint8Array, void, void> {
    try {
      yield* chunks;
      if (failure !== undefined) throw failure.error;
      for (let next = ended ? undefined : await iterator.next(); next?.done === false; next = await iterator.next())
        yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(chunks), rest: rest() };
}

type Compression = "gzip" | "zstd";

/** What the first bytes of a source say. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return "zstd";
  return undefined;
}

/** Small steps: what one step inflates to is bounded by its size times the format's best ratio (about 1,000). */
const stepBytes = 16_384;

async function* inflate(kind: Compression, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let member = new Member(kind);
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length;) {
        const step = chunk.subarray(at, at + stepBytes);
        const consumed = await member.write(step);
        yield* member.take();
        if (member.broken !== undefined) throw broken(kind, member.broken);
        at += consumed;
        // Node stops at the end of a zstd frame, and drops what follows in the same write: go on there with the next frame.
        if (consumed < step.length) {
          member.destroy();
          member = new Member(kind);
        }
      }
    }
    await member.end();
    yield* member.take();
    if (member.broken !== undefined) throw broken(kind, member.broken);
  } finally {
    member.destroy();
  }
}

function broken(kind: Compression, cause: Error): TributaryError {
  const message = `The ${kind} data is broken or cut off: ${cause.message}. The records before that place were read.`;
  return new TributaryError(message, { code: "INPUT_BROKEN", cause });
}

/** One zlib stream, driven write by write, so that all it gave before an error is in hand. */
class Member {
  broken: Error | undefined;
  readonly #stream;
  #output: Uint8Array[] = [];
  #settle: () => void = () => undefined;

  constructor(kind: Compression) {
    this.#stream = kind === "gzip" ? createGunzip({ chunkSize: 65_536 }) : createZstdDecompress({ chunkSize: 65_536 });
    this.#stream.on("data", (chunk: Uint8Array) => this.#output.push(chunk));
    this.#stream.on("end", () => this.#settle());
    this.#stream.on("error", (error) => {
      this.broken ??= error;
      this.#settle();
    });
  }

  /** Answers how many bytes were consumed. */
  async write(bytes: Uint8Array): Promise<number> {
    const before = this.#stream.bytesWritten;
    await new Promise<void>((resolve) => {
      this.#settle = resolve;
      this.#stream.write(bytes, () => resolve());
    });
    return this.#stream.bytesWritten - before;
  }

  async end(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#settle = resolve;
      this.#stream.end();
    });
  }

  take(): Uint8Array[] {
    const output = this.#output;
    this.#output = [];
    return output;
  }

  destroy(): void {
    this.#stream.destroy();
  }
}
