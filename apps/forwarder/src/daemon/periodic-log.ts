import type { IntegrationStatus } from "./integration-status.ts";
import type { Log } from "./log.ts";
import { Rates } from "./rates.ts";

/** One log line for each integration in which something has changed. */
export class PeriodicLog {
  readonly #log: Log;
  readonly #rates = new Rates();
  readonly #last = new Map<string, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  write(statuses: readonly IntegrationStatus[], now: number): void {
    for (const { name, counts, queued, lagSeconds } of statuses) {
      const { delivered, alreadyDelivered, changed, dead, dropped } = counts.tally;
      const fields = { delivered, alreadyDelivered, changed, dead, dropped, queued };
      const rate = this.#rates.of(name, delivered + alreadyDelivered, now);
      const text = JSON.stringify(fields);
      if (this.#last.get(name) === text) continue;
      this.#last.set(name, text);
      this.#log("info", "progress", { integration: name, ...fields, lagSeconds, ratePerSecond: rate });
    }
  }
}
