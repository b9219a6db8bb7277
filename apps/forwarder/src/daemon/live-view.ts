import { group, table } from "../terminal/table.ts";
import type { IntegrationStatus } from "./integration-status.ts";
import type { Log } from "./log.ts";

/** Turns counts into a rate: per second, between one look and the next. */
class Rates {
  readonly #last = new Map<string, { readonly at: number; readonly count: number }>();

  of(name: string, count: number, now: number): number {
    const last = this.#last.get(name);
    this.#last.set(name, { at: now, count });
    if (last === undefined || now <= last.at) return 0;
    return Math.max(0, Math.round(((count - last.count) / (now - last.at)) * 1000));
  }
}

/** One line for each integration, written over once a second, on a terminal. */
export class LiveView {
  readonly #stream: NodeJS.WritableStream;
  readonly #rates = new Rates();
  #lines = 0;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  draw(statuses: readonly IntegrationStatus[], now: number): void {
    const rows = statuses.map((status) => {
      const { delivered, alreadyDelivered, dead } = status.counts.tally;
      const rate = this.#rates.of(status.name, delivered + alreadyDelivered, now);
      const parked = status.parked.map(({ part, code }) => `${part} parked: ${code}`).join(", ");
      return [
        status.name,
        `${group(rate)}/s`,
        status.lagSeconds === undefined ? "-" : `${group(status.lagSeconds)} s`,
        status.queued,
        dead,
        delivered,
        parked,
      ];
    });
    this.clear();
    const text = table([["INTEGRATION", "RATE", "LAG", "QUEUED", "DEAD", "DELIVERED", ""], ...rows]);
    this.#stream.write(text);
    this.#lines = text.split("\n").length - 1;
  }

  /** Takes the lines away, before a log line is written. */
  clear(): void {
    if (this.#lines > 0) this.#stream.write(`\u001b[${this.#lines}A\u001b[J`);
    this.#lines = 0;
  }
}

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
