import type { Json, Page } from "@tributary/adapter-kit";
import { pollFetch, pollLoop } from "@tributary/adapter-kit/poll";
import { TributaryError } from "@tributary/schema";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { Clock } from "../delivery/clock.ts";
import type { Polled } from "../state/store.ts";
import { frameBody } from "./frame-body.ts";
import type { Intake } from "./intake.ts";
import type { Parking } from "./parking.ts";
import { readsOf } from "./reads-of.ts";
import { reasonOf } from "./reason-of.ts";
import { sleep } from "./sleep.ts";

export interface PollerOptions {
  readonly plan: IntegrationPlan;
  readonly intake: Intake;
  readonly parking: Parking;
  /** To the vendor. */
  readonly send: (request: Request) => Promise<Response>;
  readonly clock: Clock;
  readonly random: () => number;
  /** Told of what is tried again by itself. */
  readonly onTrouble: (error: TributaryError, waitMs: number) => void;
}

/** Runs an integration's poller: each page and its cursor in one transaction, from the cursor of the state on. */
export class Poller {
  /** Pages stored since the start, empty ones too. */
  pages = 0;
  /** ms since 1970 of the last page, also of an earlier run; undefined before the first. */
  pageAt: number | undefined;
  readonly #options: PollerOptions;
  readonly #poll: NonNullable<IntegrationPlan["poll"]>;
  readonly #reads: string;

  constructor(options: PollerOptions, poll: NonNullable<IntegrationPlan["poll"]>) {
    this.#options = options;
    this.#poll = poll;
    this.#reads = readsOf(poll);
  }

  /** Resolves when the signal aborts. What refuses the poller parks it; then it is tried again. */
  async run(signal: AbortSignal): Promise<void> {
    const { parking } = this.#options;
    while (!signal.aborted)
      try {
        await this.#loop(await this.#begin(), signal);
      } catch (error) {
        if (!signal.aborted) await parking.park(reasonOf(error), signal);
      }
  }

  /** Where it goes on. On a first run `since` is durable before the vendor is asked, so that a crash does not move it. */
  async #begin(): Promise<Polled> {
    const { plan, intake, clock } = this.#options;
    const known = await intake.store.sources.polled(this.#reads);
    if (known?.cursor !== undefined) this.pageAt = known.at;
    if (known !== undefined) return known;
    const at = clock.now();
    const first = { reads: this.#reads, since: plan.since ?? new Date(at).toISOString(), cursor: undefined, at };
    await intake.commit({ polled: first });
    return first;
  }

  async #loop({ since, cursor }: Polled, signal: AbortSignal): Promise<void> {
    const { intake, parking, send, clock, random, onTrouble } = this.#options;
    const { poll, options } = this.#poll;
    const pollClock = { now: () => clock.now(), sleep: (ms: number, until: AbortSignal) => sleep(clock, ms, until) };
    const { requestsPerMinute, pause } = poll;
    await intake.room(signal);
    if (signal.aborted) return;
    const from: Json | undefined = cursor === undefined ? undefined : JSON.parse(cursor);
    await pollLoop({
      poll,
      host: {
        options,
        since,
        now: () => clock.now(),
        signal,
        fetch: pollFetch({ network: send, clock: pollClock, random, requestsPerMinute, pause, signal }),
      },
      clock: pollClock,
      random,
      cursor: from,
      onTrouble,
      commit: async (page) => {
        await this.#store(page, since);
        parking.clear();
        await intake.room(signal);
      },
    });
  }

  async #store({ body, format, cursor }: Page, since: string): Promise<void> {
    const { plan, intake, clock } = this.#options;
    const at = clock.now();
    const frames = body.length === 0 ? [] : frameBody(plan.adapter, format, body);
    await intake.commit({
      spool: await intake.chunks("poll", format, frames),
      polled: { reads: this.#reads, since, cursor: JSON.stringify(cursor), at },
    });
    this.pages++;
    this.pageAt = at;
  }
}
