import type { Adapter, Json } from "@tributary/adapter-kit";
import type { BackOff } from "../delivery/back-off.ts";
import type { BatchLimits } from "../delivery/batcher.ts";
import type { Clock } from "../delivery/clock.ts";
import type { Sender } from "../delivery/sender.ts";
import type { Input } from "../input/input.ts";
import type { Store } from "../state/store.ts";
import type { IntegrationTracing } from "../telemetry/integration-tracing.ts";
import type { ChunkDamage } from "./chunk-damage.ts";
import type { MemoryRoom } from "./memory-room.ts";
import type { Tally } from "./tally.ts";

/** What the way of a chunk needs of a run's options. */
export type FlowOptions = Omit<ForwardOptions, "inputs" | "format" | "maxFrameBytes" | "onProgress" | "signal">;

/** One run: what is forwarded, where to, and the world it happens in. */
export interface ForwardOptions {
  readonly adapter: Adapter;
  readonly channelArn: string;
  readonly externalId?: string | undefined;
  readonly store: Store & { readonly integration: number };
  readonly sender: Sender;
  readonly inputs: readonly Input[];
  readonly clock: Clock;
  /** Uniform in [0, 1); jitter of retries. */
  readonly random: () => number;
  /** A format of the adapter; told by each input's first bytes when left out. */
  readonly format?: string | undefined;
  readonly adapterOptions?: Json | undefined;
  /** For adapters that are not our own. */
  readonly checkEvents?: boolean | undefined;
  /** Spans of its steps; none when left out. */
  readonly tracing?: IntegrationTracing | undefined;
  /** Memory that several flows share; no bound beyond a flow's own when left out. */
  readonly room?: MemoryRoom | undefined;
  readonly resend?: boolean | undefined;
  readonly backOff?: BackOff | undefined;
  readonly limits?: BatchLimits | undefined;
  /** Requests in flight at most, 16 by default. */
  readonly concurrency?: number | undefined;
  /** Stop after so many dead records in a row with one code, 1,000 by default; 0 never. */
  readonly pauseAfter?: number | undefined;
  /** Longest record that is read, 16 MiB by default; a longer one is dead, with its original bytes. */
  readonly maxFrameBytes?: number | undefined;
  /** Called often, with the live counts. */
  readonly onProgress?: ((tally: Readonly<Tally>, input: string) => void) | undefined;
  /** Told of each chunk that could not be read back from the state. */
  readonly onDamage?: ((damage: ChunkDamage) => void) | undefined;
  /** Aborting stops the intake, lets open requests end, and keeps the rest queued. */
  readonly signal?: AbortSignal | undefined;
}
