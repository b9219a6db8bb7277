import { group, table } from "../terminal/table.ts";
import type { IntegrationStatus } from "./integration-status.ts";
import { Rates } from "./rates.ts";

/** One line for each destination of each integration, written over once a second, on a terminal. */
export class LiveView {
  readonly #stream: NodeJS.WritableStream;
  readonly #rates = new Rates();
  #lines = 0;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  draw(statuses: readonly IntegrationStatus[], now: number): void {
    const rows = statuses.flatMap(({ name, isHeld, parked, destinations }) =>
      destinations.map((to, index) => {
        const { delivered, alreadyDelivered, dead } = to.counts.tally;
        const who = to.name === "" ? name : `${name}/${to.name}`;
        const rate = this.#rates.of(who, delivered + alreadyDelivered, now);
        const waiting = [...(to.parked ? [{ part: "channel", ...to.parked }] : []), ...(index === 0 ? parked : [])];
        return [
          who,
          `${group(rate)}/s`,
          to.lagSeconds === undefined ? "-" : `${group(to.lagSeconds)} s`,
          to.queued,
          dead,
          delivered,
          [
            ...(isHeld ? [] : ["held by another forwarder"]),
            ...waiting.map(({ part, code }) => `${part} parked: ${code}`),
          ].join(", "),
        ];
      }),
    );
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
