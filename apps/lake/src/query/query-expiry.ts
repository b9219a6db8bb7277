import type { Catalog } from "../catalog/catalog.ts";
import type { Clock } from "../clock.ts";
import { queryKeptMs } from "../control/query-kept.ts";
import type { ResultStore } from "./result-store.ts";

export interface QueryExpiryServices {
  readonly catalog: Pick<Catalog, "endedQueries" | "deleteQuery">;
  readonly results: Pick<ResultStore, "delete">;
  readonly clock: Clock;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** Deletes queries and their results seven days after they ended: now, and again and again. Spec 2.7. */
export class QueryExpiry {
  readonly #services: QueryExpiryServices;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(services: QueryExpiryServices, everyMs: number) {
    this.#services = services;
    this.#timer = setInterval(() => void this.run(), everyMs).unref();
    void this.run();
  }

  /** Looks once; never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#delete()
      .catch((error: unknown) => this.#fault(error))
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  async #delete(): Promise<void> {
    const { catalog, results, clock } = this.#services;
    for (const queryId of await catalog.endedQueries(clock.now() - queryKeptMs, 1000)) {
      if (this.#closed) return;
      try {
        // The record goes last: what a stop leaves half deleted is found again.
        await results.delete(queryId);
        await catalog.deleteQuery(queryId);
      } catch (error) {
        this.#fault(error, queryId);
      }
    }
  }

  #fault(error: unknown, queryId?: string): void {
    this.#services.log({ level: "error", event: "query-expiry-fault", queryId, message: String(error) });
  }
}
