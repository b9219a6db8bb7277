import type { Json } from "@tributary/adapter-kit";
import type { ChunkToMap, ReadyChunk } from "./ready-chunk.ts";

/** What a thread must know to map as the main one does: plain data, and the adapter by its name. */
export interface ThreadMapping {
  readonly adapter: string;
  readonly accountId: string;
  readonly options: Json | undefined;
  readonly integration: number;
  readonly channelArn: string;
}

/** To a thread. */
export interface MappingRequest {
  readonly number: number;
  /** JSON of a {@link ThreadMapping}: one text for all chunks of a flow, so that its adapter reads its options once. */
  readonly mapping: string;
  readonly chunk: Omit<ChunkToMap, "decoded">;
}

/** From a thread. */
export type MappingAnswer =
  | { readonly number: number; readonly ready: ReadyChunk }
  | { readonly number: number; readonly error: string };
