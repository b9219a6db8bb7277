import { type ChunkToMap, type ReadyChunk, readyChunk, type ReadyMapping } from "./ready-chunk.ts";

/** Makes chunks ready to be stored and sent. Never throws or rejects for what is in a record. */
export interface ChunkMapper {
  map(chunk: ChunkToMap): ReadyChunk | Promise<ReadyChunk>;
}

/** Maps on the caller's thread. */
export function mapperHere(mapping: ReadyMapping): ChunkMapper {
  return { map: (chunk) => readyChunk(chunk, mapping) };
}
