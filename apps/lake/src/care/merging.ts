import { mergeLimits, type MergeLimits } from "../compactor/plan-merge.ts";
import { isDuckDBFault } from "../compactor/duckdb-session.ts";
import { type Merge, type MergePorts, mergeStore } from "../compactor/merge-store.ts";
import { messageOf } from "../message-of.ts";
import type { CareWork, Deaths } from "./deaths.ts";
import { holdLease, type LeasePorts } from "./hold-lease.ts";

export interface MergingOptions extends Omit<MergePorts, "catalog">, Omit<LeasePorts, "catalog"> {
  readonly catalog: MergePorts["catalog"] & LeasePorts["catalog"];
  readonly limits?: MergeLimits | undefined;
  readonly deaths?: Deaths | undefined;
  readonly begin: (work: CareWork) => Promise<void>;
  readonly end: (kind: CareWork["kind"]) => void;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

const minuteMs = 60_000;

/** Merges stores' small files, one merge at a time, beside compactions: none of them waits for it. */
export class Merging {
  readonly #options: MergingOptions;
  readonly #offered = new Set<string>();
  /** After a failure or a death: when a store is tried again, on the monotonic clock. */
  readonly #resting = new Map<string, { readonly failures: number; readonly until: number }>();
  /** How often a merge of a store was too much for DuckDB's memory: each time half as much is merged, until the next start. */
  readonly #tooLarge = new Map<string, number>();
  #running: Promise<void> | undefined;

  constructor(options: MergingOptions) {
    this.#options = options;
    for (const [storeId, deaths] of Object.entries(options.deaths?.merges ?? {})) this.#rest(storeId, deaths);
  }

  /** The store may have small files. */
  offer(storeId: string): void {
    this.#offered.add(storeId);
  }

  /** Goes on until no offered store needs a merge. Not awaited by what must not wait. */
  start(signal?: AbortSignal): void {
    if (this.#running !== undefined || this.#offered.size === 0) return;
    this.#running = this.#run(signal).finally(() => (this.#running = undefined));
  }

  /** When no merge runs. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(signal: AbortSignal | undefined): Promise<void> {
    for (const storeId of this.#offered) {
      this.#offered.delete(storeId);
      if (signal?.aborted === true) return;
      if ((this.#resting.get(storeId)?.until ?? 0) > this.#options.clock.monotonic()) continue;
      // A set's iterator comes to what is added on the way: the store has its next turn after the others.
      if (await this.#merge(storeId, signal)) this.#offered.add(storeId);
    }
  }

  /** Answers whether there may be more to merge. */
  async #merge(storeId: string, signal: AbortSignal | undefined): Promise<boolean> {
    const { begin, end, log } = this.#options;
    try {
      const merge = await holdLease(this.#options, `care/${storeId}`, async (): Promise<Merge> => {
        await begin({ kind: "merge", storeId });
        try {
          return await mergeStore(this.#options, storeId, this.#limits(storeId), signal);
        } finally {
          end("merge");
        }
      });
      if (merge?.kind === "merged") this.#resting.delete(storeId);
      if (merge?.kind === "merged") log({ level: "debug", event: "merged", storeId, ...merge });
      return merge?.kind === "merged" || merge?.kind === "conflict";
    } catch (error) {
      if (signal?.aborted === true) return false;
      if (isDuckDBFault(error)) this.#tooLarge.set(storeId, (this.#tooLarge.get(storeId) ?? 0) + 1);
      this.#rest(storeId, (this.#resting.get(storeId)?.failures ?? 0) + 1);
      const level = isDuckDBFault(error) && (this.#tooLarge.get(storeId) ?? 0) < 8 ? "warning" : "error";
      log({ level, event: "merge-failed", storeId, message: messageOf(error) });
      return false;
    }
  }

  #limits(storeId: string): MergeLimits {
    const { limits = mergeLimits } = this.#options;
    const part = 2 ** (this.#tooLarge.get(storeId) ?? 0);
    return { ...limits, maxBytes: limits.maxBytes / part, maxRows: limits.maxRows / part };
  }

  #rest(storeId: string, failures: number): void {
    const until = this.#options.clock.monotonic() + minuteMs * 2 ** Math.min(failures, 6);
    this.#resting.set(storeId, { failures, until });
  }
}
