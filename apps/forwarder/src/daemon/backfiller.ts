import type { Json, Page } from "@tributary/adapter-kit";
import { pollFetch, pollLoop } from "@tributary/adapter-kit/poll";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { Clock } from "../delivery/clock.ts";
import { mapChunk } from "../pipeline/map-chunk.ts";
import type { Backfill, Backfills } from "../state/backfills.ts";
import type { SpooledFrame } from "../state/chunk-codec.ts";
import { eventSeconds } from "../state/event-seconds.ts";
import { backfillFiles } from "./backfill-files.ts";
import { frameBody } from "./frame-body.ts";
import type { Intake } from "./intake.ts";
import { pollerOf } from "./poller-of.ts";
import { reasonOf } from "./reason-of.ts";
import { sleep } from "./sleep.ts";

export interface BackfillerOptions {
  readonly plan: IntegrationPlan;
  readonly backfills: Backfills;
  /** An intake of its own: what is on its way in is nobody else's. */
  readonly openIntake: (backfill: number) => Intake;
  /** To the vendor, within the budget that the live poller has too. */
  readonly send: (request: Request) => Promise<Response>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly onChange: (backfill: Backfill, what: string) => void;
}

/** How often it looks for requests, ms. */
const lookMs = 2000;

/** Beyond it a poller with an ordered history shows nothing older any more, ms. */
const orderMs = 86_400_000;

/**
 * Reads an integration's past again when the state asks for it, one request after the other, beside the live sources: a poller
 * of its own with a cursor of its own, each page committed with it. What was delivered before is known by its id.
 */
export class Backfiller {
  readonly #options: BackfillerOptions;

  constructor(options: BackfillerOptions) {
    this.#options = options;
  }

  /** Resolves when the signal aborts. What is under way goes on at the next start. */
  async run(signal: AbortSignal): Promise<void> {
    const { plan, backfills, clock } = this.#options;
    while (!signal.aborted) {
      try {
        const next = await backfills.next(plan.name, plan.adapter.name);
        if (next !== undefined) {
          await this.#work(next, signal);
          continue;
        }
      } catch {
        // The state cannot be read: it is looked at again.
      }
      await sleep(clock, lookMs, signal);
    }
  }

  async #work(backfill: Backfill, signal: AbortSignal): Promise<void> {
    const { backfills, clock, onChange } = this.#options;
    onChange(backfill, backfill.pages === 0 ? "begins" : "goes on");
    try {
      await (backfill.files.length > 0 ? this.#files(backfill, signal) : this.#pages(backfill, signal));
      if (signal.aborted) return;
      await backfills.end(backfill.id, "done", clock.now());
      onChange(backfill, "is done");
    } catch (error) {
      if (signal.aborted) return;
      const reason = reasonOf(error);
      if (reason.code.startsWith("STATE_")) {
        // Cancelled, or the state cannot be written, or its disk is full: whichever it is, the next look tells.
        await sleep(clock, lookMs, signal);
        return;
      }
      await backfills.end(backfill.id, "failed", clock.now(), reason);
      onChange(backfill, `failed: ${reason.message}`);
    }
  }

  async #files({ id, files }: Backfill, signal: AbortSignal): Promise<void> {
    const { plan, openIntake, clock } = this.#options;
    await backfillFiles({ plan, intake: openIntake(id), clock, id, patterns: files }, signal);
  }

  async #pages(backfill: Backfill, signal: AbortSignal): Promise<void> {
    const { plan, openIntake, send, clock, random } = this.#options;
    const intake = openIntake(backfill.id);
    const { poll, options } = pollerOf(plan, backfill.reads);
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    const pollClock = { now: () => clock.now(), sleep: (ms: number, until: AbortSignal) => sleep(clock, ms, until) };
    const { requestsPerMinute, pause } = poll;
    await intake.room(signal);
    const cursor: Json | undefined = backfill.cursor === undefined ? undefined : JSON.parse(backfill.cursor);
    await pollLoop({
      poll,
      host: {
        options,
        since: backfill.since,
        now: () => clock.now(),
        signal: either,
        fetch: pollFetch({ network: send, clock: pollClock, random, requestsPerMinute, pause, signal: either }),
      },
      clock: pollClock,
      random,
      cursor,
      commit: async (page) => {
        const frames = page.body.length === 0 ? [] : frameBody(plan.adapter, page.format, page.body);
        const step = { id: backfill.id, cursor: JSON.stringify(page.cursor), frames: frames.length, at: clock.now() };
        await intake.commit({ spool: await intake.chunks("poll", page.format, frames), backfill: step });
        if (this.#isPast(page, frames, backfill)) ended.abort();
        else await intake.room(signal);
      },
    });
  }

  /** Whether a page is the last one that is asked for. */
  #isPast({ caughtUp, format }: Page, frames: readonly SpooledFrame[], { until }: Backfill): boolean {
    if (caughtUp === true) return true;
    const { plan, clock } = this.#options;
    if (until === undefined || plan.poll?.poll.history !== "ordered") return false;
    const { adapter, builtIn, options, destinations } = plan;
    const mapping = {
      adapter,
      accountId: destinations[0]!.accountId,
      options,
      checkEvents: !builtIn,
      now: () => clock.now(),
    };
    const times = mapChunk(frames, format, new Date(clock.now()).toISOString(), mapping).flatMap(({ result }) =>
      result.kind === "event" ? [eventSeconds(result.eventData) * 1000] : [],
    );
    return times.length > 0 && Math.min(...times) > Date.parse(until) + orderMs;
  }
}
