import type { Adapter } from "@tributary/adapter-kit";
import { TributaryError } from "@tributary/schema";
import type { Clock } from "../delivery/clock.ts";
import { maxChunkBytes, maxChunkFrames } from "../pipeline/read-chunks.ts";
import { isDiskFull } from "../state/disk-full.ts";
import { encodeFrames, offsetsOf, type SpooledFrame } from "../state/chunk-codec.ts";
import type { IntegrationStore } from "../state/integration-store.ts";
import type { Changes, SpooledChunk } from "../state/store.ts";
import { type IntegrationTracing, noTracing } from "../telemetry/integration-tracing.ts";
import { sleep } from "./sleep.ts";

export interface IntakeOptions {
  readonly adapter: Adapter;
  readonly store: IntegrationStore;
  readonly clock: Clock;
  readonly tracing?: IntegrationTracing | undefined;
  /** Queued records above which sources wait. */
  readonly queuedEvents: number;
  /** Queued records; those of `store` by default. */
  readonly backlog?: (() => Promise<number>) | undefined;
  /** Something was stored: there is work. */
  readonly onStored: () => void;
}

/** How old a count of the queue may be, ms: it is a query. */
const countedMs = 500;

/** Of a count that takes long, for the queue is long: so many times as long as it took, so that counting is a fiftieth of the work. */
const countedTimes = 50;

/** The way of all sources of an integration into the state, and the watermark above which they wait. */
export class Intake {
  /** Frames stored since the start. */
  stored = 0;
  readonly store: IntegrationStore;
  readonly #options: IntakeOptions;
  #backlog = 0;
  #countedAt = -Infinity;
  #freshMs = countedMs;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.store = options.store;
  }

  /** Queued records, as they were half a second ago or, where they are millions, some seconds; what came since is added. */
  async backlog(): Promise<number> {
    const fresh = Math.abs(this.#options.clock.now() - this.#countedAt) < this.#freshMs;
    return fresh ? this.#backlog : await this.count();
  }

  /** Queued records, counted now; what is known of them where the state cannot be read. */
  async count(): Promise<number> {
    this.#countedAt = this.#options.clock.now();
    const began = this.#options.clock.monotonic();
    try {
      this.#backlog = await (this.#options.backlog?.() ?? this.store.sources.backlog());
    } catch {
      // Whoever writes to it next is told.
    }
    this.#freshMs = Math.max(countedMs, countedTimes * (this.#options.clock.monotonic() - began));
    return this.#backlog;
  }

  async isFull(): Promise<boolean> {
    return (await this.backlog()) >= this.#options.queuedEvents;
  }

  /** Resolves once the queue is below its watermark, or the signal aborts. */
  async room(signal: AbortSignal): Promise<void> {
    while ((await this.isFull()) && !signal.aborted) await sleep(this.#options.clock, countedMs, signal);
  }

  /** Frames of one format as chunks, ready for {@link commit}. */
  async chunks(source: string, format: string, frames: readonly SpooledFrame[]): Promise<readonly SpooledChunk[]> {
    const { store, clock } = this.#options;
    const receivedAt = new Date(clock.now()).toISOString();
    const chunks: SpooledChunk[] = [];
    let held: SpooledFrame[] = [];
    let bytes = 0;
    const close = async () => {
      if (held.length > 0)
        chunks.push({
          id: await store.nextChunk(),
          source,
          format,
          receivedAt,
          frames: encodeFrames(held),
          count: held.length,
          offsets: offsetsOf(held),
        });
      held = [];
      bytes = 0;
    };
    for (const frame of frames) {
      held.push(frame);
      bytes += frame.bytes.length;
      if (held.length >= maxChunkFrames || bytes >= maxChunkBytes) await close();
    }
    await close();
    return chunks;
  }

  /** Makes records durable together with what says that they were read. Throws `STATE_FAILED`, `STATE_DISK_FULL`, and `DELIVERY_KNOWN` of {@link SourceState}. */
  async commit(changes: Changes): Promise<void> {
    const { tracing = noTracing } = this.#options;
    try {
      await tracing.intake(changes.spool ?? [], () => this.store.commit(changes));
    } catch (cause) {
      if (isDiskFull(cause) || (cause instanceof TributaryError && cause.code === "DELIVERY_KNOWN")) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TributaryError(`The state could not be written: ${why}.`, { code: "STATE_FAILED", cause });
    }
    const count = (changes.spool ?? []).reduce((sum, chunk) => sum + chunk.count, 0);
    if (count === 0) return;
    this.stored += count;
    this.#backlog += count;
    this.#options.onStored();
  }
}
