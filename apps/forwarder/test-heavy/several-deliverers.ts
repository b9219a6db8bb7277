import { createHmac } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { IssuedRecord } from "./issued-records.ts";

/** Pushes each delivery to one or the other forwarder until one of them has answered 200, as a sender behind a balancer does. */
export class SeveralDeliverers {
  /** Answers by status; 0: none. */
  readonly answers = new Map<number, number>();
  /** Statuses 503 that said when to come again. */
  retryAfter = 0;
  readonly #secret: string;
  readonly #random: () => number;
  readonly #urls: () => readonly string[];
  readonly #open = new Set<Promise<void>>();
  #count = 0;

  /** @param urls of those that can be tried now */
  constructor(secret: string, random: () => number, urls: () => readonly string[]) {
    this.#secret = secret;
    this.#random = random;
    this.#urls = urls;
  }

  push(path: string, records: readonly IssuedRecord[]): void {
    const delivery = this.#deliver(path, records.map(({ text }) => `${text}\n`).join(""), `delivery-${++this.#count}`);
    this.#open.add(delivery);
    void delivery.finally(() => this.#open.delete(delivery));
  }

  /** Resolves when all are answered. */
  async done(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  async #deliver(path: string, body: string, key: string): Promise<void> {
    const headers = {
      "x-toy-signature": createHmac("sha256", this.#secret).update(body).digest("hex"),
      "x-toy-delivery": key,
    };
    for (;;) {
      const urls = this.#urls();
      const url = urls[Math.floor(this.#random() * urls.length)];
      const status = url === undefined ? 0 : await this.#post(`${url}${path}`, body, headers);
      this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
      if (status === 200) return;
      await wait(100);
    }
  }

  async #post(url: string, body: string, headers: Record<string, string>): Promise<number> {
    try {
      const response = await fetch(url, { method: "POST", body, headers, signal: AbortSignal.timeout(4000) });
      await response.text();
      if (response.status === 503 && response.headers.has("retry-after")) this.retryAfter++;
      return response.status;
    } catch {
      return 0;
    }
  }
}
