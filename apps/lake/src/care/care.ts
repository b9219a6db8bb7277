import type { Catalog } from "../catalog/catalog.ts";
import {
  compactionLimits,
  type CompactionLimits,
  type CompactionPorts,
  compactStore,
} from "../compactor/compact-store.ts";
import type { Objects } from "../objects/objects.ts";
import { sweep } from "./sweep.ts";

export interface CareTriggers {
  readonly events: number;
  /** Of compressed journal. */
  readonly bytes: number;
  readonly ageMs: number;
}

export const careTriggers: CareTriggers = { events: 250_000, bytes: 32 * 1024 ** 2, ageMs: 60_000 };

export interface CareOptions extends CompactionPorts {
  readonly catalog: Catalog & { checkpoint?(): void };
  readonly objects: Objects;
  /** Names this process in leases. Another's is taken over when it has stood still for ten seconds. */
  readonly holder: string;
  readonly triggers?: CareTriggers | undefined;
  /** How often care's process has died since it last compacted anything. */
  readonly deaths?: number | undefined;
  /** Told of faults and of what was done, one entry each, never of events' contents. */
  readonly log?: ((entry: Readonly<Record<string, unknown>>) => void) | undefined;
}

const staleLeaseMs = 10_000;
const leaseBeatMs = 2_000;
const checkpointEveryMs = 5_000;
const sweepEveryMs = 60_000;
const dayMs = 86_400_000;

/**
 * Looks after the stores: compacts what is due, moves the write-ahead log into the catalog file, sweeps. Every step may fail or be
 * repeated; what makes it safe is in the catalog's commits.
 */
export class Care {
  readonly #options: CareOptions;
  readonly #asked = new Set<string>();
  /** After a failure: when a store is tried again, on the monotonic clock. */
  readonly #resting = new Map<string, { readonly failures: number; readonly until: number }>();
  #retention: { readonly generation: number; readonly days: ReadonlyMap<string, number> } | undefined;
  #nextCheckpoint = 0;
  #nextSweep = 0;
  #wake: (() => void) | undefined;

  constructor(options: CareOptions) {
    this.#options = options;
  }

  /** Compacts a store now: a query waits for it. */
  compact(storeId: string): void {
    this.#asked.add(storeId);
    this.#recover(storeId, 0);
    this.#wake?.();
  }

  /** Works until the signal; never throws, but for a catalog that is gone when it starts. */
  async run(signal: AbortSignal, idleMs = 50): Promise<void> {
    signal.addEventListener("abort", () => this.#wake?.());
    while (!signal.aborted) {
      const worked = await this.step().catch((error: unknown) => {
        this.#log({ level: "error", event: "care-failed", message: messageOf(error) });
        return false;
      });
      if (!worked && !signal.aborted) await this.#idle(idleMs);
    }
  }

  /** One compaction of each store that is due, and the chores. Answers whether it compacted anything. */
  async step(): Promise<boolean> {
    let worked = false;
    for (const storeId of await this.#due()) worked = (await this.#tend(storeId)) || worked;
    await this.#chores();
    return worked;
  }

  /** Awaited stores first. */
  async #due(): Promise<readonly string[]> {
    const { catalog, clock, triggers = careTriggers } = this.#options;
    const due = new Set([...this.#asked, ...(await catalog.awaitedStores())]);
    this.#asked.clear();
    for (const { storeId, events, bytes, oldest } of await catalog.journalBacklog()) {
      if (events >= triggers.events || bytes >= triggers.bytes || Math.abs(clock.now() - oldest) >= triggers.ageMs)
        due.add(storeId);
    }
    return [...due].filter((storeId) => (this.#resting.get(storeId)?.until ?? 0) <= clock.monotonic());
  }

  async #tend(storeId: string): Promise<boolean> {
    const { catalog, clock, holder } = this.#options;
    const lease = `compaction/${storeId}`;
    const acquire = (): Promise<boolean> => catalog.acquireLease(lease, holder, clock.monotonic(), staleLeaseMs);
    if (!(await acquire())) return false;
    const beat = setInterval(() => void acquire().catch(() => undefined), leaseBeatMs);
    try {
      const limits = smaller(this.#resting.get(storeId)?.failures ?? this.#options.deaths ?? 0);
      const outcome = await compactStore(this.#options, storeId, await this.#retentionOf(storeId), limits);
      if (outcome.kind !== "conflict" && outcome.damaged.length > 0) {
        this.#log({ level: "error", event: "journal-rows-damaged", storeId, positions: outcome.damaged });
        // They stay due for ever, alone.
        if (outcome.kind === "idle") this.#resting.set(storeId, { failures: 0, until: clock.monotonic() + 60_000 });
      } else if (outcome.kind !== "conflict") this.#recover(storeId, 1);
      if (outcome.kind === "compacted")
        this.#log({ level: outcome.unshredded > 0 ? "error" : "debug", event: "compacted", storeId, ...outcome });
      return outcome.kind === "compacted";
    } catch (error) {
      this.#rest(storeId);
      this.#log({ level: "error", event: "compaction-failed", storeId, message: messageOf(error) });
      return false;
    } finally {
      clearInterval(beat);
      await catalog.releaseLease(lease, holder).catch(() => undefined);
    }
  }

  async #chores(): Promise<void> {
    const { catalog, clock } = this.#options;
    const now = clock.monotonic();
    if (now >= this.#nextCheckpoint) {
      this.#nextCheckpoint = now + checkpointEveryMs;
      catalog.checkpoint?.();
    }
    if (now >= this.#nextSweep) {
      this.#nextSweep = now + sweepEveryMs;
      const swept = await sweep(this.#options);
      if (swept > 0) this.#log({ level: "debug", event: "swept", objects: swept });
    }
  }

  /** The store's retention in ms. */
  async #retentionOf(storeId: string): Promise<number | undefined> {
    const { catalog } = this.#options;
    if (this.#retention?.generation !== (await catalog.generation())) {
      const { generation, stores } = await catalog.readControl();
      this.#retention = {
        generation,
        days: new Map([...stores].map(([id, { retentionPeriod }]) => [id, retentionPeriod])),
      };
    }
    const days = this.#retention?.days.get(storeId);
    return days === undefined ? undefined : days * dayMs;
  }

  #rest(storeId: string): void {
    const failures = (this.#resting.get(storeId)?.failures ?? 0) + 1;
    this.#resting.set(storeId, {
      failures,
      until: this.#options.clock.monotonic() + Math.min(60_000, 500 * 2 ** Math.min(failures, 10)),
    });
  }

  /** It need not rest any more; each success allows twice as much at a time again. */
  #recover(storeId: string, successes: number): void {
    const failures = (this.#resting.get(storeId)?.failures ?? 0) - successes;
    if (failures <= 0) this.#resting.delete(storeId);
    else this.#resting.set(storeId, { failures, until: 0 });
  }

  async #idle(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #log(entry: Readonly<Record<string, unknown>>): void {
    this.#options.log?.(entry);
  }
}

/** After each failure half as much at a time, down to a single journal row: what failed may have been too much for the memory. */
function smaller(failures: number): CompactionLimits {
  const { maxEvents, maxBytes, maxDays, maxTextBytes } = compactionLimits;
  const part = 2 ** Math.min(failures, 20);
  return {
    maxEvents: Math.ceil(maxEvents / part),
    maxBytes: Math.ceil(maxBytes / part),
    maxDays,
    maxTextBytes: Math.ceil(maxTextBytes / part),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
