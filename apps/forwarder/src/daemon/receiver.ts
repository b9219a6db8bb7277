import type { Received, WebhookRequest } from "@tributary/adapter-kit";
import { pollFetch } from "@tributary/adapter-kit/poll";
import { replayWindowSeconds } from "@tributary/adapter-kit/webhook";
import { TributaryError } from "@tributary/schema";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { Clock } from "../delivery/clock.ts";
import type { SpooledFrame } from "../state/chunk-codec.ts";
import type { SpooledChunk } from "../state/store.ts";
import { frameBody } from "./frame-body.ts";
import type { HttpAnswer, HttpReceiver } from "./http-answer.ts";
import type { Intake } from "./intake.ts";
import { sleep } from "./sleep.ts";

export interface ReceiverOptions {
  readonly plan: IntegrationPlan;
  readonly webhook: NonNullable<IntegrationPlan["webhook"]>;
  readonly intake: Intake;
  /** To the vendor, for receivers that must ask for something, such as a certificate. */
  readonly send: (request: Request) => Promise<Response>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** Told of a receiver's own fault, and of a state that could not be written. */
  readonly onFault: (error: unknown) => void;
}

interface Waiting {
  readonly format: string;
  readonly frames: readonly SpooledFrame[];
  readonly replayKey: string | undefined;
  readonly resolve: (answer: HttpAnswer) => void;
}

/** A sender's clock may be off by the window to either side: a delivery can be sent again for twice as long. */
const replayMs = 2 * replayWindowSeconds * 1000;
/** What a receiver asks of the vendor is little. */
const requestsPerMinute = 60;

/** Takes deliveries of one integration: proves the sender, and answers 2xx once the records are committed. */
export class Receiver implements HttpReceiver {
  readonly counts = { stored: 0, replayed: 0, replied: 0, refused: 0, tooMany: 0, failed: 0 };
  readonly #options: ReceiverOptions;
  readonly #host: Parameters<NonNullable<IntegrationPlan["webhook"]>["webhook"]["receive"]>[1];
  #waiting: Waiting[] = [];
  #committing = false;

  constructor(options: ReceiverOptions) {
    const { webhook, send, clock, random, signal } = options;
    this.#options = options;
    const pollClock = { now: () => clock.now(), sleep: (ms: number, until: AbortSignal) => sleep(clock, ms, until) };
    this.#host = {
      options: webhook.options,
      since: new Date(clock.now()).toISOString(),
      now: () => clock.now(),
      signal,
      fetch: pollFetch({ network: send, clock: pollClock, random, requestsPerMinute, attempts: 2, signal }),
    };
  }

  /** What to answer before a body is read: too much is queued already. */
  async before(): Promise<HttpAnswer | undefined> {
    if (!(await this.#options.intake.isFull())) return undefined;
    this.counts.tooMany++;
    return { status: 429, headers: { "retry-after": "30" }, body: "Too much is queued. Deliver it again later.\n" };
  }

  async receive(request: WebhookRequest): Promise<HttpAnswer> {
    const { webhook, plan, onFault } = this.#options;
    let frames: readonly SpooledFrame[];
    let received: Extract<Received, { kind: "records" }>;
    try {
      const answer = await webhook.webhook.receive(request, this.#host);
      if (answer.kind === "reply") {
        this.counts.replied++;
        const { status, headers = {}, body = "" } = answer;
        return { status, headers, body };
      }
      if (answer.kind === "refused") {
        this.counts.refused++;
        return { status: answer.status, body: `${answer.message}\n` };
      }
      received = answer;
      frames = frameBody(plan.adapter, received.format, received.body);
    } catch (error) {
      this.counts.failed++;
      onFault(error);
      // What it asked of the vendor may be there later; a defect is not for the sender to know.
      const later = error instanceof TributaryError && error.retryable;
      return { status: later ? 503 : 500, ...(later && { headers: { "retry-after": "30" } }), body: "Not stored.\n" };
    }
    const { format, replayKey } = received;
    return new Promise((resolve) => {
      this.#waiting.push({ format, frames, replayKey, resolve });
      // What comes in the same turn shares a commit, and so does what comes while another is written.
      if (this.#committing) return;
      this.#committing = true;
      setImmediate(() => void this.#commitAll());
    });
  }

  async #commitAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0));
    this.#committing = false;
  }

  async #commit(waiting: readonly Waiting[]): Promise<void> {
    const { onFault } = this.#options;
    try {
      const replayed = await this.#store(waiting);
      this.counts.replayed += replayed;
      this.counts.stored += waiting.length - replayed;
      for (const { resolve } of waiting) resolve({ status: 200, body: "" });
    } catch (error) {
      this.counts.failed += waiting.length;
      onFault(error);
      for (const { resolve } of waiting)
        resolve({ status: 503, headers: { "retry-after": "30" }, body: "Not stored. Deliver it again later.\n" });
    }
  }

  /** Makes what was not stored before durable. Answers how many were. */
  async #store(waiting: readonly Waiting[]): Promise<number> {
    const { intake, clock } = this.#options;
    const at = clock.now();
    const forget = at - replayMs;
    const given = waiting.flatMap(({ replayKey }) => (replayKey === undefined ? [] : [replayKey]));
    const known = await intake.store.sources.replayed(given, forget);
    const keys = new Set<string>();
    const byFormat = new Map<string, SpooledFrame[]>();
    let replayed = 0;
    for (const { format, frames, replayKey } of waiting) {
      if (replayKey !== undefined && (keys.has(replayKey) || known.has(replayKey))) {
        replayed++;
        continue;
      }
      if (replayKey !== undefined) keys.add(replayKey);
      const held = byFormat.get(format);
      if (held === undefined) byFormat.set(format, [...frames]);
      else held.push(...frames);
    }
    const spool: SpooledChunk[] = [];
    for (const [format, frames] of byFormat) spool.push(...(await intake.chunks("webhook", format, frames)));
    if (spool.length > 0 || keys.size > 0)
      try {
        await intake.commit({ spool, replays: { keys: [...keys], at, forget } });
      } catch (error) {
        // Another forwarder was given one of them at the same time: now it is known.
        if (error instanceof TributaryError && error.code === "DELIVERY_KNOWN") return await this.#store(waiting);
        throw error;
      }
    return replayed;
  }
}
