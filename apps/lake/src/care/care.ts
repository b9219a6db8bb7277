import type { Catalog } from "../catalog/catalog.ts";
import {
  compactionLimits,
  type CompactionLimits,
  type CompactionPorts,
  compactStore,
} from "../compactor/compact-store.ts";
import { isDuckDBFault } from "../compactor/duckdb-session.ts";
import type { MergeLimits } from "../compactor/plan-merge.ts";
import { messageOf } from "../message-of.ts";
import type { Objects } from "../objects/objects.ts";
import type { CheckpointWriter } from "../publish/checkpoint-writer.ts";
import { type CareWork, type Deaths, noDeaths } from "./deaths.ts";
import { Deletions } from "./deletions.ts";
import { holdLease } from "./hold-lease.ts";
import { Merging } from "./merging.ts";
import { Publishing } from "./publishing.ts";
import { Purging } from "./purging.ts";
import { confirmMs, Retention } from "./retention.ts";
import { sweep, type SweepGrace } from "./sweep.ts";

export interface CareTriggers {
  readonly events: number;
  /** Of compressed journal. */
  readonly bytes: number;
  readonly ageMs: number;
}

export const careTriggers: CareTriggers = { events: 250_000, bytes: 32 * 1024 ** 2, ageMs: 60_000 };

export interface CareOptions extends CompactionPorts {
  readonly catalog: Catalog & { checkpoint?(): void; truncateLog?(): boolean };
  readonly objects: Objects & { sweepTemporary?(before: number): Promise<number> };
  /** Writes the checkpoints of published tables. */
  readonly checkpoints: CheckpointWriter;
  /** Names this process in leases. Another's is taken over when it has stood still for ten seconds. */
  readonly holder: string;
  readonly triggers?: CareTriggers | undefined;
  readonly mergeLimits?: MergeLimits | undefined;
  readonly sweepGrace?: SweepGrace | undefined;
  readonly pace?: CarePace | undefined;
  /** What care's process died of before: less of it is tried at a time, and a journal row that it died of alone is not parsed. */
  readonly deaths?: Deaths | undefined;
  /** Told what is begun, before it is, and what has ended: for a record that outlives this process. */
  readonly begin?: ((work: CareWork) => Promise<void>) | undefined;
  readonly end?: ((kind: CareWork["kind"]) => void) | undefined;
  /** Told of faults and of what was done, one entry each, never of events' contents. */
  readonly log?: ((entry: Readonly<Record<string, unknown>>) => void) | undefined;
}

/** How often care does what is due by time, ms. */
export interface CarePace {
  readonly sweepEveryMs: number;
  /** At what is too old for a store's retention, and at deleted stores. */
  readonly lookEveryMs: number;
  /** For how long a day must have been too old. */
  readonly confirmMs: number;
}

export const carePace: CarePace = { sweepEveryMs: 60_000, lookEveryMs: 300_000, confirmMs };

const checkpointEveryMs = 5_000;
/** A day's files stay few even where compactions never pause. */
const mergeWithinMs = 60_000;
/** So often a journal row may fail alone before it is stored unparsed. */
const textOnlyAfter = 3;
const dayMs = 86_400_000;

/**
 * Looks after the stores: compacts what is due, merges small files and publishes the commits beside it, drops what retention has
 * passed, purges, moves the write-ahead log into the catalog file, sweeps. Every step may fail or be repeated; what makes it safe is
 * in the catalog's commits.
 */
export class Care {
  readonly #options: CareOptions;
  /** After a failure: when a store is tried again, on the monotonic clock. */
  readonly #resting = new Map<string, { readonly failures: number; readonly until: number }>();
  /** How often each journal row failed in DuckDB alone, or was the death of care's process. */
  readonly #rowFailures = new Map<number, number>();
  readonly #merging: Merging;
  readonly #publishing: Publishing;
  readonly #retention: Retention;
  readonly #deletions: Deletions;
  readonly #purging: Purging;
  #stores: { readonly generation: number; readonly retentions: ReadonlyMap<string, number> } | undefined;
  /** When there was last nothing to compact. */
  #idleAt: number;
  #nextCheckpoint = 0;
  #nextSweep = 0;
  #nextLook = 0;
  #signal: AbortSignal | undefined;
  #wake: (() => void) | undefined;

  constructor(options: CareOptions) {
    this.#options = options;
    const { deaths = noDeaths } = options;
    this.#idleAt = options.clock.monotonic();
    for (const [storeId, count] of Object.entries(deaths.compactions))
      this.#resting.set(storeId, { failures: 3 * count, until: 0 });
    for (const [position, count] of Object.entries(deaths.rows)) this.#rowFailures.set(Number(position), count);
    this.#merging = new Merging({
      ...options,
      limits: options.mergeLimits,
      begin: (work) => this.#begin(work),
      end: (kind) => options.end?.(kind),
      log: (entry) => this.#log(entry),
    });
    this.#publishing = new Publishing({ ...options, log: (entry) => this.#log(entry) });
    this.#retention = new Retention(options, options.pace?.confirmMs);
    this.#deletions = new Deletions(options);
    this.#purging = new Purging({
      ...options,
      // Compactions and purges take turns here; merges and publications do not.
      quiet: () => this.settled(),
      log: (entry) => this.#log(entry),
    });
  }

  /** A query waits for the store: look now, however often its compaction has failed. */
  hasten(storeId: string): void {
    this.#recover(storeId, 0);
    this.#wake?.();
  }

  /** Works until the signal; never throws, but for a catalog that is gone when it starts. */
  async run(signal: AbortSignal, idleMs = 50): Promise<void> {
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#wake?.());
    while (!signal.aborted) {
      const worked = await this.step().catch((error: unknown) => {
        this.#log({ level: "error", event: "care-failed", message: messageOf(error) });
        return false;
      });
      if (!worked && !signal.aborted) await this.#idle(idleMs);
    }
    await this.settled();
  }

  /** When no merge runs and nothing is being published. */
  async settled(): Promise<void> {
    await this.#merging.settled();
    await this.#publishing.settled();
  }

  /** One compaction of each store that is due, and the chores. Answers whether it compacted anything. */
  async step(): Promise<boolean> {
    let worked = false;
    for (const storeId of await this.#due()) worked = (await this.#tend(storeId)) || worked;
    worked = (await this.#purging.step()) || worked;
    await this.#chores(worked);
    return worked;
  }

  /** Awaited stores first. */
  async #due(): Promise<readonly string[]> {
    const { catalog, clock, triggers = careTriggers } = this.#options;
    const due = new Set(await catalog.awaitedStores());
    for (const { storeId, events, bytes, oldest } of await catalog.journalBacklog()) {
      if (events >= triggers.events || bytes >= triggers.bytes || Math.abs(clock.now() - oldest) >= triggers.ageMs)
        due.add(storeId);
    }
    return [...due].filter((storeId) => (this.#resting.get(storeId)?.until ?? 0) <= clock.monotonic());
  }

  async #tend(storeId: string): Promise<boolean> {
    const compacted = await holdLease(this.#options, `compaction/${storeId}`, () => this.#compact(storeId));
    if (compacted === true) this.#merging.offer(storeId);
    return compacted === true;
  }

  async #compact(storeId: string): Promise<boolean> {
    const { clock } = this.#options;
    let alone: number | undefined;
    const shredding = async (positions: readonly number[]): Promise<{ readonly textOnly: boolean }> => {
      alone = positions.length === 1 ? positions[0] : undefined;
      await this.#begin({ kind: "compaction", storeId, positions });
      return { textOnly: alone !== undefined && (this.#rowFailures.get(alone) ?? 0) >= textOnlyAfter };
    };
    try {
      const limits = smaller(this.#resting.get(storeId)?.failures ?? 0);
      const retentionMs = (await this.#retentions()).get(storeId);
      const outcome = await compactStore({ ...this.#options, shredding }, storeId, retentionMs, limits);
      if (outcome.kind !== "conflict" && outcome.damaged.length > 0) {
        this.#log({ level: "error", event: "journal-rows-damaged", storeId, positions: outcome.damaged });
        // They stay due for ever, alone.
        if (outcome.kind === "idle") this.#resting.set(storeId, { failures: 0, until: clock.monotonic() + 60_000 });
      } else if (outcome.kind !== "conflict") this.#recover(storeId, 1);
      if (outcome.kind === "compacted") {
        this.#log({ level: outcome.unshredded > 0 ? "error" : "debug", event: "compacted", storeId, ...outcome });
        if (alone !== undefined) this.#rowFailures.delete(alone);
      }
      return outcome.kind === "compacted";
    } catch (error) {
      this.#rest(storeId);
      if (alone !== undefined && isDuckDBFault(error))
        this.#rowFailures.set(alone, (this.#rowFailures.get(alone) ?? 0) + 1);
      // Too much for the memory is tried with half as much, which most often succeeds.
      const level = isDuckDBFault(error) && alone === undefined ? "warning" : "error";
      this.#log({ level, event: "compaction-failed", storeId, message: messageOf(error) });
      return false;
    } finally {
      this.#options.end?.("compaction");
    }
  }

  async #chores(busy: boolean): Promise<void> {
    const { catalog, clock, pace = carePace } = this.#options;
    const now = clock.monotonic();
    if (now >= this.#nextCheckpoint) {
      this.#nextCheckpoint = now + checkpointEveryMs;
      catalog.checkpoint?.();
    }
    if (now >= this.#nextSweep) {
      this.#nextSweep = now + pace.sweepEveryMs;
      const temporary = (await this.#options.objects.sweepTemporary?.(clock.now() - dayMs)) ?? 0;
      const swept = (await sweep(this.#options, this.#options.sweepGrace)) + temporary;
      if (swept > 0) this.#log({ level: "debug", event: "swept", objects: swept });
    }
    if (now >= this.#nextLook) {
      this.#nextLook = now + pace.lookEveryMs;
      const stores = await this.#retentions();
      for (const dropped of await this.#retention.look(stores))
        this.#log({ level: "info", event: "expired", ...dropped });
      for (const storeId of await this.#deletions.look())
        this.#log({ level: "info", event: "store-deletion-due", storeId });
      for (const storeId of stores.keys()) this.#merging.offer(storeId);
    }
    if (!busy) this.#idleAt = now;
    // While one compaction follows another, a merge would take their time; for ever it cannot wait.
    if (!busy || now - this.#idleAt >= mergeWithinMs) this.#merging.start(this.#signal);
    this.#publishing.start(this.#signal);
  }

  /** Of each store, in ms. */
  async #retentions(): Promise<ReadonlyMap<string, number>> {
    const { catalog } = this.#options;
    if (this.#stores?.generation !== (await catalog.generation())) {
      const { generation, stores } = await catalog.readControl();
      this.#stores = {
        generation,
        retentions: new Map([...stores].map(([id, { retentionPeriod }]) => [id, retentionPeriod * dayMs])),
      };
    }
    return this.#stores.retentions;
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

  async #begin(work: CareWork): Promise<void> {
    await this.#options.begin?.(work);
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
