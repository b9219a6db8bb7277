import type { IntegrationStatus } from "./integration-status.ts";
import type { Log } from "./log.ts";
import { Rates } from "./rates.ts";

/** One log line for each destination of an integration in which something has changed. */
export class PeriodicLog {
  readonly #log: Log;
  readonly #rates = new Rates();
  readonly #last = new Map<string, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  write(statuses: readonly IntegrationStatus[], now: number): void {
    for (const { name, destinations } of statuses)
      for (const { name: destination, counts, queued, lagSeconds } of destinations) {
        const { delivered, alreadyDelivered, changed, dead, dropped } = counts.tally;
        const fields = { delivered, alreadyDelivered, changed, dead, dropped, queued };
        const who = `${name}/${destination}`;
        const rate = this.#rates.of(who, delivered + alreadyDelivered, now);
        const text = JSON.stringify(fields);
        if (this.#last.get(who) === text) continue;
        this.#last.set(who, text);
        const about = { integration: name, ...(destination === "" ? {} : { destination }) };
        this.#log("info", "progress", { ...about, ...fields, lagSeconds, ratePerSecond: rate });
      }
  }
}
