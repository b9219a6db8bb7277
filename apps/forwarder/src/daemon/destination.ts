import type { DestinationPlan } from "../config/destination-plan.ts";
import { SourceState } from "../state/source-state.ts";
import { Delivery, type DeliveryOptions } from "./delivery.ts";
import { watchReplays } from "./replay-watch.ts";
import type { DestinationStatus } from "./integration-status.ts";

/** A {@link Delivery} with its connection: one of the channels that an integration's records go to. */
export class Destination {
  readonly plan: DestinationPlan;
  readonly #options: DeliveryOptions;
  readonly #delivery: Delivery;
  readonly #queue: SourceState;
  #queued = 0;

  constructor(options: DeliveryOptions) {
    this.plan = options.destination;
    this.#options = options;
    this.#delivery = new Delivery(options);
    this.#queue = options.openStore().sources;
  }

  /** {@link Delivery.run} */
  run(finish: AbortSignal, deadline: AbortSignal): Promise<void> {
    return this.#delivery.run(finish, deadline);
  }

  /** Looks for dead letters that are to be sent again. Resolves when the signal aborts. */
  watch(signal: AbortSignal): Promise<void> {
    const { openStore, clock } = this.#options;
    return watchReplays(openStore(), () => this.wake(), clock, signal);
  }

  /** There may be work in the state. */
  wake(): void {
    this.#delivery.wake();
  }

  /** Ends what waits after a refusal: it is tried again now. */
  release(): void {
    this.#options.parking.release();
  }

  close(): void {
    this.#options.sender.close();
  }

  /** Records that are queued for it; what is known of them where the state cannot be read. */
  async backlog(): Promise<number> {
    try {
      this.#queued = await this.#queue.backlog();
    } catch {
      // Whoever writes to it next is told.
    }
    return this.#queued;
  }

  async status(): Promise<DestinationStatus> {
    const queued = await this.backlog();
    const oldest = await this.#queue.oldest().catch(() => undefined);
    const { newestDelivered, ...counts } = this.#delivery.counts;
    const { clock, parking } = this.#options;
    const age = Math.round(clock.now() / 1000 - newestDelivered);
    return {
      name: this.plan.name,
      channelArn: this.plan.arn,
      counts,
      queued,
      oldestQueuedSeconds: oldest === undefined ? undefined : Math.max(0, Math.round((clock.now() - oldest) / 1000)),
      lagSeconds: newestDelivered === 0 ? undefined : Math.max(0, age),
      parked: parking.reason,
    };
  }
}
