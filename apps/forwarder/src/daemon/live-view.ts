import { group, table } from "../terminal/table.ts";
import type { IntegrationStatus } from "./integration-status.ts";
import { Rates } from "./rates.ts";

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
      const elsewhere = status.isHeld ? [] : ["held by another forwarder"];
      const parked = status.parked.map(({ part, code }) => `${part} parked: ${code}`);
      return [
        status.name,
        `${group(rate)}/s`,
        status.lagSeconds === undefined ? "-" : `${group(status.lagSeconds)} s`,
        status.queued,
        dead,
        delivered,
        [...elsewhere, ...parked].join(", "),
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
