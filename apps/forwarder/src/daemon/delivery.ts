import { defaultMaxFrameBytes } from "@tributary/adapter-kit";
import type { DestinationPlan } from "../config/destination-plan.ts";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { BackOff } from "../delivery/back-off.ts";
import type { Clock } from "../delivery/clock.ts";
import type { Sender } from "../delivery/sender.ts";
import { ChunkFlow } from "../pipeline/chunk-flow.ts";
import type { ForwardOptions } from "../pipeline/forward-options.ts";
import type { MemoryRoom } from "../pipeline/memory-room.ts";
import { requeue } from "../pipeline/requeue.ts";
import type { IntegrationStore } from "../state/integration-store.ts";
import { type DeliveryCounts, noCounts, withFlow } from "./delivery-counts.ts";
import type { IntegrationTracing } from "../telemetry/integration-tracing.ts";
import type { Parking, Reason } from "./parking.ts";

export interface DeliveryOptions {
  readonly plan: IntegrationPlan;
  readonly destination: DestinationPlan;
  /** A store with nothing in memory of earlier ones: after a failed commit an old one may not be used. */
  readonly openStore: () => IntegrationStore;
  readonly room?: MemoryRoom | undefined;
  readonly sender: Sender;
  readonly parking: Parking;
  readonly clock: Clock;
  readonly random: () => number;
  readonly concurrency: number;
  readonly pauseAfter: number;
  readonly tracing?: IntegrationTracing | undefined;
  readonly onDamage?: ForwardOptions["onDamage"];
  readonly backOff?: BackOff | undefined;
}

/**
 * Sends what the state has queued for one destination of an integration, as long as the process lives. Sources only write to the state; work is
 * found there, so a channel that refuses holds up no source before the watermark, and a new try begins from what is committed.
 */
export class Delivery {
  readonly #options: DeliveryOptions;
  #past: DeliveryCounts = noCounts;
  #flow: ChunkFlow | undefined;
  #wake: () => void = () => undefined;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  get counts(): DeliveryCounts {
    return this.#flow === undefined ? this.#past : withFlow(this.#past, this.#flow);
  }

  /** There may be work in the state. */
  wake(): void {
    this.#wake();
  }

  /**
   * @param finish aborts when all sources have ended: what is queued is sent, then the promise resolves
   * @param deadline aborts when nothing more may be sent; what is left stays queued
   */
  async run(finish: AbortSignal, deadline: AbortSignal): Promise<void> {
    const { parking } = this.#options;
    const wake = () => this.#wake();
    finish.addEventListener("abort", wake, { once: true });
    for (;;) {
      const end = await this.#session(finish, deadline);
      if (end === undefined || finish.aborted) return;
      await parking.park(end, finish, end);
    }
  }

  /** Delivers until something stops it. Answers what stopped it; undefined when it was told to finish, and did. */
  async #session(
    finish: AbortSignal,
    deadline: AbortSignal,
  ): Promise<(Reason & Parameters<Parking["park"]>[2]) | undefined> {
    try {
      const store = this.#options.openStore();
      const flow = this.#open(store);
      const { courier } = flow;
      const giveUp = () => courier.stop({ kind: "interrupted", code: "INTERRUPTED", message: "Stopped by a signal." });
      deadline.addEventListener("abort", giveUp, { once: true });
      if (deadline.aborted) giveUp();
      void courier.stops().then(() => this.#wake());
      this.#flow = flow;
      try {
        await this.#work(flow, store, finish);
        if (courier.stopped !== undefined)
          return {
            ...reasonOnly(courier.stopped),
            forPerson: courier.stopped.kind === "paused",
            atLeastMs: courier.stopped.retryAfterMs,
          };
        if (finish.aborted) return undefined;
        return {
          code: "EVENTS_LEFT",
          message: "The attempts of some events are used up while the channel takes others; they are tried again.",
          forPerson: false,
        };
      } finally {
        deadline.removeEventListener("abort", giveUp);
        giveUp();
        await courier.drain();
        flow.leave();
        this.#past = { ...withFlow(this.#past, flow), concurrency: 0 };
        this.#flow = undefined;
        if (!flow.failed) await flow.commit();
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { code: "STATE_FAILED", message: `The state could not be used: ${why}`, forPerson: false };
    }
  }

  /** Takes up chunks as they come. Resolves when told to finish and done, when the courier stopped, or when only events are left whose attempts are used up. */
  async #work(flow: ChunkFlow, store: IntegrationStore, finish: AbortSignal): Promise<void> {
    const { plan } = this.#options;
    const { courier } = flow;
    const taken = new Set<number>();
    for (;;) {
      // Before the state is looked at: what comes from now on wakes.
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      // A few at a time, so that what comes in is not held up by them.
      const more = !finish.aborted && (await requeue(store, plan.adapter, defaultMaxFrameBytes)) > 0;
      let found = false;
      for await (const id of openChunks(store, taken)) {
        if (courier.stopped !== undefined) return;
        taken.add(id);
        await flow.enter();
        const stored = await store.chunk(id);
        if (stored === undefined) {
          flow.skip();
          continue;
        }
        await flow.takeUp(stored);
        found = true;
      }
      if (courier.stopped !== undefined) return;
      await flow.push();
      if (finish.aborted) {
        await flow.drain();
        if (!found || courier.stopped !== undefined) return;
        continue;
      }
      if (courier.counts.left > 0 && courier.size === 0) return;
      if (!more) await woken;
    }
  }

  #open(store: IntegrationStore): ChunkFlow {
    const { plan, destination, room, tracing, onDamage, sender, clock, random, concurrency } = this.#options;
    const { pauseAfter, backOff } = this.#options;
    const { adapter, builtIn, options } = plan;
    return new ChunkFlow(
      {
        adapter,
        channelArn: destination.arn,
        externalId: destination.externalId,
        store,
        sender,
        clock,
        random,
        adapterOptions: options,
        checkEvents: !builtIn,
        room,
        tracing,
        onDamage,
        backOff,
        concurrency,
        pauseAfter,
      },
      destination.accountId,
      () => this.#onProgress(),
    );
  }

  #onProgress(): void {
    const flow = this.#flow;
    if (flow === undefined) return;
    if (flow.ledger.tally.delivered > 0) this.#options.parking.clear();
    if (flow.courier.counts.left > 0 && flow.courier.size === 0) this.#wake();
  }
}

/** Numbers of chunks read at once: a queue may have millions. */
const window = 100;

/**
 * The chunks with work that were not taken yet, from the oldest on. Of the taken, those that are settled are forgotten: as they go
 * below the oldest that is open, and all of them at the end, so that what is remembered does not grow with the queue.
 */
async function* openChunks(store: IntegrationStore, taken: Set<number>): AsyncGenerator<number, void, void> {
  const open = new Set<number>();
  let last = 0;
  for (let isEnd = false; !isEnd;) {
    const ids = await store.openChunks(last, window);
    last = ids.at(-1) ?? last;
    isEnd = ids.length < window;
    for (const id of ids) {
      open.add(id);
      if (!taken.has(id)) yield id;
    }
    const [oldest] = isEnd ? [] : await store.openChunks(0, 1);
    for (const known of [open, taken])
      for (const id of known) if (oldest !== undefined && id < oldest) known.delete(id);
  }
  for (const id of taken) if (!open.has(id)) taken.delete(id);
}

const reasonOnly = ({ code, message }: Reason): Reason => ({ code, message });
