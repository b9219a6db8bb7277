import { createServer } from "node:net";
import type { Clock } from "../clock.ts";
import type { RateLimits } from "../control/rate-limits.ts";
import { listenFailed } from "../http/listen-failed.ts";
import type { HttpServer } from "../http/http-server.ts";
import type { Responder, ResponderServices } from "../http/responder.ts";
import type { JournalWriter } from "../journal/journal-writer.ts";
import type { TlsFiles } from "../serve/check-tls.ts";
import type { WorkerQuestion, WorkerSettings } from "./worker-message.ts";
import { WorkerProcess } from "./worker-process.ts";

/** What the primary does for its workers. */
export interface WorkerServices extends Pick<ResponderServices, "unready" | "observe"> {
  readonly journal: Pick<JournalWriter, "append" | "backlog">;
  readonly responder: Pick<Responder, "respond">;
  readonly rates: Pick<RateLimits, "take">;
  readonly clock: Clock;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

/** How often the journal's verdict is looked at, for the workers to be told a change. */
const verdictEveryMs = 100;

/** Ingest processes on one port. The kernel spreads connections over them; each takes PutAuditEvents and hands on the rest. */
export class WorkerPool implements HttpServer {
  readonly url: string;
  readonly port: number;
  readonly #workers: readonly WorkerProcess[];
  readonly #timer: NodeJS.Timeout;

  private constructor(url: string, port: number, workers: readonly WorkerProcess[], services: WorkerServices) {
    this.url = url;
    this.port = port;
    this.#workers = workers;
    let last = services.journal.backlog().verdict;
    for (const worker of workers) worker.tellVerdict(last);
    this.#timer = setInterval(() => {
      const { verdict } = services.journal.backlog();
      if (verdict === last) return;
      last = verdict;
      for (const worker of workers) worker.tellVerdict(verdict);
    }, verdictEveryMs);
    this.#timer.unref();
  }

  /** Resolves when all listen. Rejects when the address cannot be had, or one of them did not start; then none is left. */
  static async start(count: number, wanted: WorkerSettings, services: WorkerServices): Promise<WorkerPool> {
    const settings = { ...wanted, ...(await freeAddress(wanted)) };
    const workers = Array.from(
      { length: count },
      () =>
        new WorkerProcess({
          settings,
          verdict: () => services.journal.backlog().verdict,
          answer: (question) => answerTo(question, services),
          clock: services.clock,
          log: services.log,
        }),
    );
    try {
      const [url] = await Promise.all(workers.map(({ listening }) => listening));
      return new WorkerPool(url!, settings.port, workers, services);
    } catch (error) {
      await Promise.all(workers.map((worker) => worker.close(0)));
      throw error;
    }
  }

  /** Of the processes that live now, by place. */
  get pids(): readonly (number | undefined)[] {
    return this.#workers.map(({ pid }) => pid);
  }

  renewTls(tls: TlsFiles): void {
    for (const worker of this.#workers) worker.renewTls(tls);
  }

  async close(graceMs: number): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close(graceMs)));
    clearInterval(this.#timer);
  }
}

async function answerTo(message: WorkerQuestion, services: WorkerServices): Promise<unknown> {
  const { journal, responder, rates, unready, observe } = services;
  if (message.kind === "append") return journal.append(message.question);
  if (message.kind === "respond") return responder.respond(message.question);
  if (message.kind === "unready") return unready();
  if (message.kind === "take") rates.take(message.question.accountId, message.question.operation);
  else await observe(message.question);
  return undefined;
}

/**
 * The address that the workers will share: it must be nobody's now. Workers ask the kernel to share it, so they alone would also
 * share it with another lake's.
 */
async function freeAddress({ host, port }: WorkerSettings): Promise<{ readonly host: string; readonly port: number }> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error) => reject(listenFailed(host, port, error)));
    probe.listen({ host, port }, resolve);
  });
  const bound = probe.address();
  await new Promise<void>((resolve) => void probe.close(() => resolve()));
  if (bound === null || typeof bound === "string") throw new Error("the server has no address of a network");
  return { host: bound.address, port: bound.port };
}
