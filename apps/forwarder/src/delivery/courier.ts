import { type BackOff, defaultBackOff, delayMs } from "./back-off.ts";
import type { Flight } from "./adaptive-concurrency.ts";
import { type Batch, halvesOf, isRetry } from "./batch.ts";
import { Batcher, defaultBatchLimits } from "./batcher.ts";
import { classifyFailure, type Failure, type Stop } from "./classify-failure.ts";
import { Condition } from "./condition.ts";
import type { CourierOptions } from "./courier-options.ts";
import { Pace } from "./pace.ts";
import { EventRetries } from "./event-retries.ts";
import type { Parcel } from "./parcel.ts";
import { readAnswer } from "./read-answer.ts";
import { requestOf } from "./request-of.ts";
import { ResendQueue } from "./resend-queue.ts";
import type { SendAnswer } from "./sender.ts";
import { Suspects } from "./suspects.ts";

export type { CourierOptions, Outcome, Receipt } from "./courier-options.ts";

const defaultConcurrency = 16;

/** How long an interruption waits for answers. */
const graceMs = 10_000;

/**
 * Carries parcels to one channel: batches them, keeps as many requests in flight as the server takes, reads every answer by id,
 * retries what is retryable with the same bytes and within a budget, halves a batch that is refused as a whole until the event
 * at fault stands alone, and stops at a refusal that is about the channel, or when a request's attempts are used up. Spec 8.
 */
export class Courier<P extends Parcel> {
  readonly counts = { requests: 0, retries: 0, bytes: 0, unknownIds: 0, left: 0, throttled: 0 };
  readonly #options: CourierOptions<P>;
  readonly #backOff: BackOff;
  readonly #fresh: Batcher<P>;
  readonly #again: ResendQueue<P>;
  readonly #pace: Pace;
  readonly #changes = new Condition();
  readonly #suspects = new Suspects<P>();
  readonly #retries: EventRetries<P>;
  #inFlightParcels = 0;
  #flush = false;
  #stopped: Stop | undefined;
  #abandoned = false;
  #endGrace: () => void = () => undefined;

  constructor(options: CourierOptions<P>) {
    const limits = options.limits ?? defaultBatchLimits;
    this.#options = options;
    this.#backOff = options.backOff ?? defaultBackOff;
    this.#retries = new EventRetries(this.#backOff.maxAttempts);
    this.#fresh = new Batcher(limits);
    this.#again = new ResendQueue(options.clock, limits, () => this.#goOn());
    const { clock, sender, concurrency: most = defaultConcurrency } = options;
    this.#pace = new Pace({ clock, rate: sender.rate, most, onOpen: () => this.#goOn() });
  }

  /** Why nothing more is sent; undefined while all is well. */
  get stopped(): Stop | undefined {
    return this.#stopped;
  }

  get inFlight(): number {
    return this.#pace.inFlight;
  }

  /** How many requests may be in flight now. */
  get concurrency(): number {
    return this.#pace.limit;
  }

  /** Parcels added and not settled. */
  get size(): number {
    return this.#fresh.size + this.#again.parcels + this.#inFlightParcels + this.#suspects.size;
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
    this.#goOn();
  }

  /** Resolves when it stopped. */
  stops(): Promise<void> {
    return this.#changes.when(() => this.#stopped !== undefined);
  }

  /** Resolves once fewer than `parcels` are unsettled, or the courier stopped. */
  room(parcels: number): Promise<void> {
    return this.#changes.when(() => this.#stopped !== undefined || this.size < parcels);
  }

  /**
   * Sends what is left, incomplete batches too; resolves when all is settled, or it stopped and no request is open. An
   * interruption waits for open requests for `graceMs` at most; their answers are then no longer looked at.
   */
  async drain(): Promise<void> {
    this.flush();
    await this.#changes.when(
      () => this.#abandoned || (this.inFlight === 0 && (this.#stopped !== undefined || this.size === 0)),
    );
    this.#flush = false;
    this.#endGrace();
  }

  /** Starts no further request; what is not answered stays queued. The first reason stands. */
  stop(reason: Stop): void {
    this.#stopped ??= reason;
    this.#again.stop();
    this.#pace.stop();
    if (reason.kind === "interrupted" && this.inFlight > 0) {
      this.#endGrace();
      this.#endGrace = this.#options.clock.after(graceMs, () => {
        this.#abandoned = true;
        this.#changes.changed();
      });
    }
    this.#changes.changed();
  }

  #goOn(): void {
    this.#pump();
    this.#judge();
    this.#changes.changed();
  }

  #pump(): void {
    while (this.#stopped === undefined && this.#pace.isOpen) {
      const source = this.#source();
      if (source === undefined) return;
      const flight = this.#pace.start(source === "again" && isRetry(this.#again.next));
      if (flight === undefined) return;
      const batch = source === "again" ? this.#again.take() : this.#takeFresh();
      this.#inFlightParcels += batch.parcels.length;
      void this.#send(batch, flight);
    }
  }

  /** Where the next batch comes from; undefined where none may go now. */
  #source(): "again" | "fresh" | undefined {
    const { next, delayed } = this.#again;
    if (next !== undefined && (!isRetry(next) || this.#pace.takesRetry)) return "again";
    // While the channel fails, the batch that waits for its next attempt is the probe: no other is put on top.
    if (this.#pace.isFailing && (delayed > 0 || next !== undefined)) return undefined;
    return this.#fresh.full || (this.#flush && this.#fresh.size > 0) ? "fresh" : undefined;
  }

  #takeFresh(): Batch<P> {
    return { parcels: this.#fresh.take(), kind: "fresh", failures: 0 };
  }

  async #send(batch: Batch<P>, flight: Flight): Promise<void> {
    const { sender, clock, around = (_parcels, send) => send() } = this.#options;
    this.counts.requests++;
    if (isRetry(batch)) this.counts.retries++;
    for (const parcel of batch.parcels) {
      this.counts.bytes += parcel.bytes;
      parcel.requests++;
    }
    let settle: () => void;
    try {
      const request = requestOf(batch.parcels, this.#options);
      const answer = await around(batch.parcels, () => sender.send(request));
      settle = () => this.#answered(batch, flight, answer);
    } catch (error) {
      settle = () => this.#failed(batch, flight, classifyFailure(error, clock.now()));
    }
    if (this.#abandoned) return;
    this.#inFlightParcels -= batch.parcels.length;
    settle();
    this.#goOn();
  }

  #answered({ parcels }: Batch<P>, flight: Flight, answer: SendAnswer): void {
    const { verdicts, unknownIds } = readAnswer(parcels, answer);
    const delivered = verdicts.filter(({ kind }) => kind === "delivered").length;
    const isThrottled = verdicts.some((verdict) => verdict.kind === "retry" && verdict.code === "Throttling");
    this.counts.unknownIds += unknownIds;
    if (isThrottled) this.counts.throttled++;
    this.#pace.answered(flight, { delivered, isThrottled });
    const { outcomes, again, attempts, left } = this.#retries.sort(parcels, verdicts);
    this.counts.left += left;
    if (again.length > 0) this.#later({ parcels: again, kind: "events", failures: 0 }, attempts);
    const requestId = answer.requestId ?? "";
    this.#options.onSettled(outcomes, { requestId, events: parcels.length, delivered, refusal: "" });
    if (delivered > 0) this.#convict(this.#suspects.taken());
  }

  /** Where nothing is left but events that were refused for an unknown cause, or too many of them came in a row. */
  #judge(): void {
    const { size, areTooMany, areProven } = this.#suspects;
    if (size === 0 || this.#stopped !== undefined) return;
    if (!areTooMany && (!this.#flush || this.size > size)) return;
    if (!areTooMany && areProven) return this.#convict(this.#suspects.convicted());
    const { code, message } = this.#suspects.failure;
    this.stop({
      kind: "refused",
      code,
      message: `Each of ${size} events was refused alone, and none taken: ${message}`,
    });
  }

  #convict(suspects: ReturnType<Suspects<P>["convicted"]>): void {
    for (const { parcel, failure } of suspects) this.#dead(parcel, failure);
  }

  #failed(batch: Batch<P>, flight: Flight, failure: Failure): void {
    const { action, code, message, retryAfterMs = 0, refusedAfter = Number.POSITIVE_INFINITY } = failure;
    const attempts = batch.failures + 1;
    if (action === "retry") this.#pace.failed(flight);
    else this.#pace.refused();
    if (action === "split") return this.#split(batch, failure);
    if (action === "stop" || attempts >= refusedAfter) return this.stop({ kind: "refused", code, message });
    if (failure.isThrottling) this.counts.throttled++;
    const { maxAttempts, giveUpAfterMs } = this.#backOff;
    const giveUp = (why: string): void =>
      this.stop({ kind: "unreachable", code, message: `${why}: ${message}`, retryAfterMs });
    if (attempts >= maxAttempts || this.#pace.failingMs >= giveUpAfterMs)
      return giveUp(`No answer after ${attempts} attempts`);
    if (retryAfterMs > giveUpAfterMs) return giveUp(`The server asks to wait for ${Math.round(retryAfterMs / 1000)} s`);
    if (retryAfterMs > 0 && this.#stopped === undefined) this.#pace.waitFor(retryAfterMs);
    this.#later({ ...batch, kind: "failed", failures: attempts }, attempts, retryAfterMs);
  }

  #split(batch: Batch<P>, failure: Failure): void {
    if (batch.parcels.length > 1) return this.#again.first(halvesOf(batch));
    const [only] = batch.parcels;
    if (only === undefined) return;
    this.#retries.forget(only);
    if (failure.isUnknown) this.#suspects.add(only, failure);
    else this.#dead(only, failure);
  }

  #dead(parcel: P, { code, message }: Failure): void {
    const receipt = { requestId: "", events: 1, delivered: 0, refusal: code };
    this.#options.onSettled([{ parcel, verdict: { kind: "dead", code, message } }], receipt);
  }

  #later(batch: Batch<P>, attempts: number, retryAfterMs = 0): void {
    const ms = delayMs(this.#backOff, attempts, this.#options.random, retryAfterMs);
    if (this.#stopped === undefined) this.#again.later(batch, ms);
  }
}
