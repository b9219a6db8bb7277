import type { Adapter } from "../contract/adapter.ts";
import type { Json } from "../contract/json.ts";
import type { Page, Poll, PollHost } from "../contract/poll.ts";
import type { Result } from "../contract/result.ts";
import { parseJson } from "../own-property.ts";
import { pollFetch } from "../poll/poll-fetch.ts";
import { pollLoop } from "../poll/poll-loop.ts";
import { fixtureContext, mapFile } from "./fixtures.ts";
import { hostileNetwork } from "./hostile-network.ts";
import type { FakeVendor } from "./vendor-world.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export interface PollRunOptions {
  readonly adapter: Adapter;
  readonly poll: Poll;
  readonly options: unknown;
  readonly vendor: FakeVendor;
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly since: string;
  /** Virtual ms at which the run may end. */
  readonly until: number;
  /** Share of steps at which the process dies. */
  readonly crashRate: number;
  readonly maxCrashes: number;
  readonly faultRate: number;
  /** Changes what the vendor answers, for tests of the poller's caution. */
  readonly send?: ((request: Request, vendor: FakeVendor) => Promise<Response>) | undefined;
}

/** What came of a run. */
export interface PollRun {
  /** eventData by id, of every committed page. */
  readonly events: ReadonlyMap<string, string>;
  /** Ids that came with two different eventData. */
  readonly torn: readonly string[];
  readonly refused: readonly Extract<Result, { kind: "refused" }>[];
  /** Records committed, those read again included. */
  readonly read: number;
  readonly crashes: number;
  readonly faults: number;
  readonly sent: readonly number[];
  readonly cursors: readonly string[];
  readonly pages: number;
  /** Ids that were committed when a page first said that the vendor has no more for now; undefined where none said so. */
  readonly caughtUp: ReadonlySet<string> | undefined;
}

/** Most pages of one run: beyond it the poller turns in a circle. */
const mostPages = 200_000;
/** Likewise of requests. */
const mostRequests = 40_000;
/** Virtual time after which a poller that hands on no page is stuck. */
const patienceMs = 6 * 3_600_000;

/** Runs a poller as a host does, page and cursor committed together, and kills and restarts it on the way. */
export async function pollRun(options: PollRunOptions): Promise<PollRun> {
  const { adapter, poll, clock, random, until } = options;
  const events = new Map<string, string>();
  const torn: string[] = [];
  const refused: Extract<Result, { kind: "refused" }>[] = [];
  const cursors: string[] = [];
  const counts = { read: 0, crashes: 0, pages: 0, requests: 0 };
  let caughtUp: ReadonlySet<string> | undefined;
  let die: (() => void) | undefined;
  // A dead process does not go on: nothing after the step ever runs.
  const step = (): Promise<void> => {
    if (counts.crashes >= options.maxCrashes || random() >= options.crashRate) return Promise.resolve();
    counts.crashes += 1;
    die?.();
    return new Promise<never>(() => undefined);
  };
  const { vendor } = options;
  const told: FakeVendor =
    options.send === undefined ? vendor : { ...vendor, fetch: (request) => options.send!(request, vendor) };
  let stuck: ((error: Error) => void) | undefined;
  const watch = async (): Promise<void> => {
    if (clock.now() > until + patienceMs || counts.requests > mostRequests) {
      stuck?.(new Error(`The poller sends requests (${counts.requests}) and hands on no page.`));
      return new Promise<never>(() => undefined);
    }
    counts.requests += 1;
    return step();
  };
  const network = hostileNetwork({ vendor: told, clock, random, step: watch, rate: options.faultRate });
  let cursor: string | undefined;

  const commit = (page: Page): void => {
    counts.pages += 1;
    if (counts.pages > mostPages) throw new Error(`The poller asked for ${mostPages} pages: it turns in a circle.`);
    for (const { results } of mapFile(adapter, page.format, page.body, fixtureContext))
      for (const result of results) {
        counts.read += 1;
        if (result.kind === "refused") refused.push(result);
        if (result.kind !== "event") continue;
        const other = events.get(result.id);
        if (other !== undefined && other !== result.eventData) torn.push(result.id);
        events.set(result.id, result.eventData);
      }
    if (page.caughtUp === true) caughtUp ??= new Set(events.keys());
    cursor = JSON.stringify(page.cursor);
    cursors.push(cursor);
  };

  while (clock.now() < until) {
    const life = new AbortController();
    const { signal } = life;
    const host: PollHost<unknown> = {
      options: options.options,
      since: options.since,
      now: clock.now,
      signal,
      fetch: pollFetch({
        network: network.send,
        clock,
        random,
        requestsPerMinute: poll.requestsPerMinute,
        pause: poll.pause,
        signal,
      }),
    };
    const death = new Promise<void>((resolve, reject) => {
      die = resolve;
      stuck = reject;
    });
    // Told of after the run has ended otherwise, it is nobody's.
    death.catch(() => undefined);
    const cursorNow: Json | undefined = cursor === undefined ? undefined : parseJson(cursor);
    const lived = pollLoop({
      poll,
      host,
      clock,
      random,
      cursor: cursorNow,
      commit: async (page) => {
        await step();
        commit(page);
        await step();
        if (clock.now() >= until) life.abort();
      },
    });
    // What the dead process would have thrown is nobody's.
    lived.catch(() => undefined);
    await Promise.race([lived, death]);
    // Starting again takes a moment; a dead process's budget is forgotten, as a real one's is.
    clock.advance(2000);
  }
  const { read, crashes, pages } = counts;
  const { sent } = network;
  return { events, torn, refused, read, crashes, pages, caughtUp, faults: network.faults(), sent, cursors };
}
