import { type BackOff, defaultBackOff, delayMs } from "./back-off.ts";
import { Batcher, type BatchLimits, defaultBatchLimits } from "./batcher.ts";
import { classifyFailure, type Failure, type Stop } from "./classify-failure.ts";
import type { Clock } from "./clock.ts";
import { bodyOf, type Parcel } from "./parcel.ts";
import { readAnswer, type Verdict } from "./read-answer.ts";
import type { Sender } from "./sender.ts";

/** The end of one parcel's way. `left`: its attempts are used up; it stays queued for a later run. */
export type Outcome<P> = {
  readonly parcel: P;
  readonly verdict: Verdict | { readonly kind: "left"; readonly code: string };
};

/** One request that was answered, or refused as a whole. */
export interface Receipt {
  readonly requestId: string;
  readonly events: number;
  readonly delivered: number;
  /** Empty for status 200. */
  readonly refusal: string;
}

export interface CourierOptions<P> {
  readonly sender: Sender;
  readonly channelArn: string;
  readonly externalId?: string | undefined;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly backOff?: BackOff | undefined;
  readonly limits?: BatchLimits | undefined;
  /** Requests in flight at once, 4 by default; 1 while the channel fails. */
  readonly concurrency?: number | undefined;
  /** Called once per settled parcel, several at a time, in the same turn as the answer was read. Must not throw. */
  readonly onSettled: (outcomes: readonly Outcome<P>[], receipt: Receipt) => void;
}

interface Batch<P> {
  readonly parcels: readonly P[];
  /** Attempts so far. */
  readonly attempts: number;
}

/** How long an interruption waits for answers. */
const graceMs = 10_000;

/**
 * Carries parcels to one channel: batches them, keeps several requests in flight, reads every answer by id, retries what
 * is retryable with the same bytes, halves a batch that is refused as a whole until the event at fault stands alone, and
 * stops at a refusal that is about the channel, or when the budget of retries is used up. Spec 8.
 */
export class Courier<P extends Parcel> {
  readonly counts = { requests: 0, retries: 0, bytes: 0, unknownIds: 0, left: 0 };
  readonly #options: CourierOptions<P>;
  readonly #backOff: BackOff;
  readonly #fresh: Batcher<P>;
  readonly #again: Batch<P>[] = [];
  readonly #timers = new Set<() => void>();
  #delayed = 0;
  #delayedParcels = 0;
  #inFlight = 0;
  #inFlightParcels = 0;
  #failuresInARow = 0;
  #failingSince = 0;
  #flush = false;
  #stopped: Stop | undefined;
  #abandoned = false;
  #endGrace: () => void = () => undefined;
  #waiters: { readonly until: () => boolean; readonly resolve: () => void }[] = [];

  constructor(options: CourierOptions<P>) {
    this.#options = options;
    this.#backOff = options.backOff ?? defaultBackOff;
    this.#fresh = new Batcher(options.limits ?? defaultBatchLimits);
  }

  /** Why nothing more is sent; undefined while all is well. */
  get stopped(): Stop | undefined {
    return this.#stopped;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Parcels added and not settled. */
  get size(): number {
    const again = this.#again.reduce((sum, batch) => sum + batch.parcels.length, 0);
    return this.#fresh.size + again + this.#delayedParcels + this.#inFlightParcels;
  }

  /** Whether a parcel can be sent at all; one that cannot must not be added. */
  fits(parcel: Parcel): boolean {
    return this.#fresh.fitsAlone(parcel);
  }

  add(parcel: P): void {
    this.#fresh.add(parcel);
    if (this.#fresh.full) this.#pump();
  }

  /** Sends what is there, incomplete batches too, and so whatever is added until the next {@link drain}. */
  flush(): void {
    this.#flush = true;
    this.#pump();
  }

  /** Resolves when it stopped. */
  stops(): Promise<void> {
    return this.#until(() => this.#stopped !== undefined);
  }

  /** Resolves once fewer than `parcels` are unsettled, or the courier stopped. */
  room(parcels: number): Promise<void> {
    return this.#until(() => this.#stopped !== undefined || this.size < parcels);
  }

  /**
   * Sends what is left, incomplete batches too; resolves when all is settled, or it stopped and no request is open. An
   * interruption waits for open requests for `graceMs` at most; their answers are then no longer looked at.
   */
  async drain(): Promise<void> {
    this.flush();
    await this.#until(
      () => this.#abandoned || (this.#inFlight === 0 && (this.#stopped !== undefined || this.size === 0)),
    );
    this.#flush = false;
    this.#endGrace();
  }

  /** Starts no further request; what is not answered stays queued. The first reason stands. */
  stop(reason: Stop): void {
    this.#stopped ??= reason;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    if (reason.kind === "interrupted" && this.#inFlight > 0) {
      this.#endGrace();
      this.#endGrace = this.#options.clock.after(graceMs, () => {
        this.#abandoned = true;
        this.#wake();
      });
    }
    this.#wake();
  }

  #until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ until: condition, resolve }));
  }

  #wake(): void {
    const waiters = this.#waiters;
    if (waiters.length === 0) return;
    this.#waiters = waiters.filter((waiter) => !waiter.until());
    for (const waiter of waiters) if (!this.#waiters.includes(waiter)) waiter.resolve();
  }

  #pump(): void {
    const concurrency = this.#failuresInARow > 0 ? 1 : (this.#options.concurrency ?? 4);
    while (this.#stopped === undefined && this.#inFlight < concurrency) {
      const batch = this.#next();
      if (batch === undefined) return;
      this.#inFlight++;
      this.#inFlightParcels += batch.parcels.length;
      void this.#send(batch);
    }
  }

  #next(): Batch<P> | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    // While the channel fails, the batch that waits for its next attempt is the probe: no other is put on top.
    if (this.#failuresInARow > 0 && this.#delayed > 0) return undefined;
    if (!this.#fresh.full && !(this.#flush && this.#fresh.size > 0)) return undefined;
    return { parcels: this.#fresh.take(), attempts: 0 };
  }

  async #send(batch: Batch<P>): Promise<void> {
    const { sender, channelArn, externalId } = this.#options;
    const auditEvents = batch.parcels.map(({ id, eventData, eventDataChecksum }) => ({
      id,
      eventData,
      eventDataChecksum,
    }));
    this.counts.requests++;
    if (batch.attempts > 0) this.counts.retries++;
    for (const { bytes } of batch.parcels) this.counts.bytes += bytes;
    let settle: () => void;
    try {
      const answer = await sender.send({
        channelArn,
        ...(externalId === undefined ? {} : { externalId }),
        auditEvents,
        body: () => bodyOf(batch.parcels),
      });
      settle = () => this.#answered(batch, answer);
    } catch (error) {
      settle = () => this.#failed(batch, classifyFailure(error, this.#options.clock.now()));
    }
    if (this.#abandoned) return;
    this.#inFlight--;
    this.#inFlightParcels -= batch.parcels.length;
    settle();
    this.#pump();
    this.#wake();
  }

  #answered(batch: Batch<P>, answer: Parameters<typeof readAnswer>[1]): void {
    this.#failuresInARow = 0;
    const { verdicts, unknownIds } = readAnswer(batch.parcels, answer);
    this.counts.unknownIds += unknownIds;
    const attempts = batch.attempts + 1;
    const outcomes: Outcome<P>[] = [];
    const retry: P[] = [];
    let delivered = 0;
    batch.parcels.forEach((parcel, index) => {
      const verdict = verdicts[index]!;
      if (verdict.kind === "delivered") delivered++;
      if (verdict.kind !== "retry") outcomes.push({ parcel, verdict });
      else if (attempts < this.#backOff.maxAttempts) retry.push(parcel);
      else {
        this.counts.left++;
        outcomes.push({ parcel, verdict: { kind: "left", code: verdict.code } });
      }
    });
    if (retry.length > 0) this.#later({ parcels: retry, attempts });
    const requestId = answer.requestId ?? "";
    this.#options.onSettled(outcomes, { requestId, events: batch.parcels.length, delivered, refusal: "" });
  }

  #failed(batch: Batch<P>, failure: Failure): void {
    if (failure.action === "stop") return this.stop({ kind: "refused", code: failure.code, message: failure.message });
    if (failure.action === "split") return this.#split(batch, failure);
    const now = this.#options.clock.now();
    if (this.#failuresInARow++ === 0) this.#failingSince = now;
    const attempts = batch.attempts + 1;
    if (attempts >= this.#backOff.maxAttempts || now - this.#failingSince >= this.#backOff.giveUpAfterMs) {
      const message = `No answer after ${attempts} attempts: ${failure.message}`;
      return this.stop({ kind: "unreachable", code: failure.code, message });
    }
    this.#later({ parcels: batch.parcels, attempts }, failure.retryAfterMs);
  }

  #split(batch: Batch<P>, failure: Failure): void {
    this.#failuresInARow = 0;
    const { parcels } = batch;
    const [only] = parcels;
    if (parcels.length > 1) {
      const middle = parcels.length >> 1;
      // Attempts are kept: halving is bounded by itself, and a retried half must not start a new budget.
      this.#again.unshift(
        { parcels: parcels.slice(0, middle), attempts: batch.attempts },
        { parcels: parcels.slice(middle), attempts: batch.attempts },
      );
      return;
    }
    const verdict = { kind: "dead", code: failure.code, message: failure.message } as const;
    if (only)
      this.#options.onSettled([{ parcel: only, verdict }], {
        requestId: "",
        events: 1,
        delivered: 0,
        refusal: failure.code,
      });
  }

  #later(batch: Batch<P>, retryAfterMs = 0): void {
    if (this.#stopped !== undefined) return;
    const { clock, random } = this.#options;
    this.#delayed++;
    this.#delayedParcels += batch.parcels.length;
    const cancel = clock.after(delayMs(this.#backOff, batch.attempts, random, retryAfterMs), () => {
      this.#timers.delete(cancel);
      this.#delayed--;
      this.#delayedParcels -= batch.parcels.length;
      this.#again.push(batch);
      this.#pump();
      this.#wake();
    });
    this.#timers.add(cancel);
  }
}
