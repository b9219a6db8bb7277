// Entry of a thread of mapping-pool.ts.
import { parentPort } from "node:worker_threads";
import { loadAdapter } from "../adapters/load-adapter.ts";
import type { MappingAnswer, MappingRequest, ThreadMapping } from "./mapping-message.ts";
import { type ReadyChunk, readyChunk, type ReadyMapping } from "./ready-chunk.ts";

/** Mappings remembered at most; one that was forgotten is read again. */
const most = 1000;

const mappings = new Map<string, Promise<ReadyMapping>>();

async function mappingOf(text: string): Promise<ReadyMapping> {
  const { adapter: name, ...rest }: ThreadMapping = JSON.parse(text);
  const { adapter } = await loadAdapter(name, ".");
  return { ...rest, adapter, checkEvents: false, now: Date.now };
}

async function answer({ number, mapping: text, chunk }: MappingRequest): Promise<MappingAnswer> {
  try {
    let mapping = mappings.get(text);
    if (mapping === undefined) {
      for (const [oldest] of mappings) if (mappings.size >= most) mappings.delete(oldest);
      mappings.set(text, (mapping = mappingOf(text)));
    }
    return { number, ready: own(readyChunk(chunk, await mapping)) };
  } catch (error) {
    return { number, error: error instanceof Error ? error.message : String(error) };
  }
}

/** With its results in memory of their own: what is handed over is a whole buffer. */
function own(ready: ReadyChunk): ReadyChunk {
  return ready.results === undefined ? ready : { ...ready, results: new Uint8Array(ready.results) };
}

function buffersOf(made: MappingAnswer): readonly ArrayBufferLike[] {
  if ("error" in made) return [];
  const { results, frameOf, entries, ends, keys } = made.ready;
  return [frameOf, entries, ends, keys, ...(results === undefined ? [] : [results])].map(({ buffer }) => buffer);
}

async function reply(request: MappingRequest): Promise<void> {
  const made = await answer(request);
  const buffers = buffersOf(made).filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
  parentPort?.postMessage(made, buffers);
}

parentPort?.on("message", (request: MappingRequest) => void reply(request));
