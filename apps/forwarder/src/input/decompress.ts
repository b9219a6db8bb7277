import { once } from "node:events";
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
      while (!ended) {
        const next = await iterator.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { head: Buffer.concat(chunks), rest: rest() };
}

type Compression = "gzip" | "zstd";

function compressionOf(head: Uint8Array): Compression | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return "zstd";
  return undefined;
}

/** Small steps: what one step inflates to is bounded by its size times the format's best ratio (about 1,000). */
const stepBytes = 16_384;

async function* inflate(kind: Compression, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const stream = kind === "gzip" ? createGunzip({ chunkSize: 65_536 }) : createZstdDecompress({ chunkSize: 65_536 });
  let output: Uint8Array[] = [];
  let broken: Error | undefined;
  stream.on("data", (chunk: Uint8Array) => output.push(chunk));
  stream.on("error", (error) => (broken ??= error));
  const taken = () => {
    const ready = output;
    output = [];
    return ready;
  };
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length && broken === undefined; at += stepBytes) {
        await new Promise<void>((resolve) => {
          stream.once("error", () => resolve());
          stream.write(chunk.subarray(at, at + stepBytes), () => resolve());
        });
        stream.removeAllListeners("error").on("error", (error: Error) => (broken ??= error));
        yield* taken();
      }
      if (broken !== undefined) break;
    }
    if (broken === undefined) {
      stream.end();
      await once(stream, "end").catch(() => undefined);
    }
    yield* taken();
  } finally {
    stream.destroy();
  }
  if (broken !== undefined)
    throw new TributaryError(`The ${kind} data is broken or cut off: ${broken.message}. The records before that place were read.`, {
      code: "INPUT_BROKEN",
      cause: broken,
    });
}

