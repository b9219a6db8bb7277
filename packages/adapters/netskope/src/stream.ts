import type { Json } from "@tributary/adapter-kit";

/** One endpoint that is read. */
export interface Stream {
  readonly endpoint: string;
  /** ms: when it may be asked again. */
  dueAt: number;
  /** What a new generator starts from, true once the page last read is committed; undefined while there is nothing. */
  readonly state: Json | undefined;
  /** Asks once. An empty body holds no records. */
  read(): Promise<{ readonly body: Uint8Array; readonly format: string; readonly waitSeconds: number }>;
}
