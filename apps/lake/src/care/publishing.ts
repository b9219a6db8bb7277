import type { Catalog } from "../catalog/catalog.ts";
import { messageOf } from "../message-of.ts";
import { cleanLogs, type CleanPorts } from "../publish/clean-logs.ts";
import { publishCheckpoint, publishHint, type PublishPorts, publishVersions } from "../publish/publish-store.ts";

export interface PublishingOptions extends Omit<PublishPorts, "catalog" | "objects"> {
  readonly catalog: PublishPorts["catalog"] & CleanPorts["catalog"] & Pick<Catalog, "unpublishedStores" | "storeIds">;
  readonly objects: PublishPorts["objects"] & CleanPorts["objects"];
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

const cleanEveryMs = 3_600_000;
const checkpointRestMs = 600_000;
/** A second after the first failure, twice as long after each more, ten minutes at the most. */
const restMs = (failures: number): number => Math.min(600_000, 500 * 2 ** Math.min(failures, 12));

/**
 * Publishes the stores' commits as open tables and cleans up their logs, beside compactions: none of them waits for it. What is to be
 * published is read from the catalog, so a new process goes on where the last one ended.
 */
export class Publishing {
  readonly #options: PublishingOptions;
  /** After a failure: when a store is tried again, on the monotonic clock. */
  readonly #resting = new Map<string, { readonly failures: number; readonly until: number }>();
  readonly #checkpointsResting = new Map<string, number>();
  /** The same for what is of no single store: the list of stores, hints, cleaning. */
  #whole = { failures: 0, until: 0 };
  #nextCleaning = 0;
  #hinted = false;
  #running: Promise<void> | undefined;

  constructor(options: PublishingOptions) {
    this.#options = options;
  }

  /** Goes on until every store is published. Not awaited by what must not wait. */
  start(signal?: AbortSignal): void {
    const { clock, log } = this.#options;
    if (this.#whole.until > clock.monotonic()) return;
    this.#running ??= this.#run(signal)
      .catch((error: unknown) => {
        const failures = this.#whole.failures + 1;
        this.#whole = { failures, until: clock.monotonic() + restMs(failures) };
        log({ level: "error", event: "publication-failed", message: messageOf(error) });
      })
      .finally(() => (this.#running = undefined));
  }

  /** When nothing is being published. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(signal: AbortSignal | undefined): Promise<void> {
    const { catalog, clock } = this.#options;
    for (const storeId of await catalog.unpublishedStores()) {
      if (signal?.aborted === true) return;
      if ((this.#resting.get(storeId)?.until ?? 0) <= clock.monotonic()) await this.#publish(storeId, signal);
    }
    // A process that was killed may have owed one, and a restored lake has none.
    if (!this.#hinted) for (const storeId of await catalog.storeIds()) await publishHint(this.#options, storeId);
    this.#hinted = true;
    this.#whole = { failures: 0, until: 0 };
    if (clock.monotonic() < this.#nextCleaning) return;
    this.#nextCleaning = clock.monotonic() + cleanEveryMs;
    const deleted = await cleanLogs(this.#options);
    if (deleted > 0) this.#options.log({ level: "debug", event: "delta-log-cleaned", objects: deleted });
  }

  async #publish(storeId: string, signal: AbortSignal | undefined): Promise<void> {
    const { clock, log } = this.#options;
    try {
      for (;;) {
        if (signal?.aborted === true) break;
        const done = await publishVersions(this.#options, storeId);
        if (done === undefined) break;
        log({ level: "debug", event: "published", storeId, version: done.published });
        if (done.checkpointDue) await this.#publishCheckpoint(storeId);
      }
      this.#resting.delete(storeId);
    } catch (error) {
      const failures = (this.#resting.get(storeId)?.failures ?? 0) + 1;
      const until = clock.monotonic() + restMs(failures);
      this.#resting.set(storeId, { failures, until });
      log({ level: "error", event: "publication-failed", storeId, message: messageOf(error) });
    }
  }

  /** Readers do without one for a while: its failure keeps no version back. */
  async #publishCheckpoint(storeId: string): Promise<void> {
    const { clock, log } = this.#options;
    if ((this.#checkpointsResting.get(storeId) ?? 0) > clock.monotonic()) return;
    try {
      await publishCheckpoint(this.#options, storeId);
      this.#checkpointsResting.delete(storeId);
    } catch (error) {
      this.#checkpointsResting.set(storeId, clock.monotonic() + checkpointRestMs);
      log({ level: "error", event: "delta-checkpoint-failed", storeId, message: messageOf(error) });
    }
  }
}
