import { createHmac } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { Agent, request as httpRequest } from "node:http";
import type { IssuedRecord } from "./issued-records.ts";

/** A delivery of records to a webhook, and what its sender knows of it. */
interface Delivery {
  readonly records: readonly IssuedRecord[];
  /** Undefined: sent again, it cannot be told from another one. */
  readonly key: string | undefined;
  answered: boolean;
  /** Left the sender at least once. */
  sent: boolean;
}

const refusedMs = 50;

/** Signs, sends and sends again, like a vendor whose deliveries are acknowledged by a status 2xx. */
export class Pusher {
  readonly deliveries: Delivery[] = [];
  /** Sent and not answered now. */
  unanswered = 0;
  /** Called after each one was sent. */
  onSent: () => void = () => undefined;
  readonly #secret: string;
  readonly #random: () => number;
  #waiting: Delivery[] = [];

  constructor(secret: string, random: () => number) {
    this.#secret = secret;
    this.#random = random;
  }

  add(records: readonly IssuedRecord[], key: string | undefined): void {
    const delivery = { records, key, answered: false, sent: false };
    this.deliveries.push(delivery);
    this.#waiting.push(delivery);
  }

  get idle(): boolean {
    return this.#waiting.length === 0 && this.unanswered === 0;
  }

  /** Sends what waits over a few connections, until all is answered or `isOver`. What got no answer waits, or is given up. */
  async push(url: string, isOver: () => boolean, connections = 3): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    const again: Delivery[] = [];
    const worker = async () => {
      for (let next = this.#waiting.shift(); next !== undefined && !isOver(); next = this.#waiting.shift()) {
        const status = await this.#send(url, next, agent);
        if (status === 200) next.answered = true;
        else if (status !== undefined || this.#random() < 0.85) again.push(next);
        if (status === undefined || status === 200) continue;
        // Refused, and not yet: it comes again.
        await wait(refusedMs);
        this.#waiting.push(...again.splice(0));
      }
    };
    const most = this.#waiting.length;
    await Promise.all(Array.from({ length: Math.min(connections, most) }, worker));
    agent.destroy();
    this.#waiting.unshift(...again);
  }

  #send(url: string, delivery: Delivery, agent: Agent): Promise<number | undefined> {
    const body = delivery.records.map(({ text }) => `${text}\n`).join("");
    const headers = {
      "content-length": Buffer.byteLength(body),
      "x-toy-signature": createHmac("sha256", this.#secret).update(body).digest("hex"),
      ...(delivery.key !== undefined && { "x-toy-delivery": delivery.key }),
    };
    delivery.sent = true;
    this.unanswered++;
    return new Promise((resolve) => {
      const sent = httpRequest(`${url}/hooks/toy`, { method: "POST", headers, agent }, (response) => {
        response.resume();
        response.on("error", () => undefined);
        response.on("close", () => done(response.complete ? response.statusCode : undefined));
      });
      let isDone = false;
      const done = (status: number | undefined) => {
        if (!isDone) this.unanswered--;
        isDone = true;
        resolve(status);
      };
      sent.on("error", () => done(undefined));
      sent.end(body, () => this.onSent());
    });
  }
}
