import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Clock } from "../clock.ts";
import type { JournalBacklog } from "../journal/journal-writer.ts";
import type { TlsFiles } from "../serve/check-tls.ts";
import { carriedError } from "./carried-error.ts";
import type { FromWorker, ToWorker, WorkerQuestion, WorkerSettings } from "./worker-message.ts";

export interface WorkerProcessOptions {
  readonly settings: WorkerSettings;
  readonly verdict: () => JournalBacklog["verdict"];
  /** Answers a worker's question; what it rejects with, the worker is told. */
  readonly answer: (question: WorkerQuestion) => Promise<unknown>;
  readonly clock: Clock;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

const main = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./worker-main.ts" : "./worker-main.js", import.meta.url),
);
/** Who lived as long is started again at once. */
const steadyMs = 60_000;

/** One ingest process, started again when it dies. Its requests are then unanswered; what it had answered is in the journal. */
export class WorkerProcess {
  readonly #options: WorkerProcessOptions;
  /** The address, when the first process listens. Rejects when that one could not start. */
  readonly listening: Promise<string>;
  #listens: (url: string) => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;
  #child: ChildProcess | undefined;
  #closing = false;
  #deaths = 0;
  #startedAt = 0;
  #tls: TlsFiles | undefined;
  #failure = "it ended before it listened";
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WorkerProcessOptions) {
    this.#options = options;
    this.listening = new Promise((resolve, reject) => {
      this.#listens = resolve;
      this.#failed = reject;
    });
    // Whoever does not wait for it is told by the log.
    this.listening.catch(() => undefined);
    this.#start();
  }

  /** Of this process and of those that come after it. */
  renewTls(tls: TlsFiles): void {
    this.#tls = tls;
    if (this.#child) send(this.#child, { kind: "tls", tls });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  tellVerdict(verdict: JournalBacklog["verdict"]): void {
    if (this.#child) send(this.#child, { kind: "verdict", verdict });
  }

  /** Lets it finish what is in flight, for at most `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    const exited = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
    send(child, { kind: "close", graceMs });
    // It closes its connections after the grace itself.
    const timer = setTimeout(() => child.kill("SIGKILL"), graceMs + 5000);
    await exited;
    clearTimeout(timer);
  }

  #start(): void {
    const { settings, verdict, clock, log } = this.#options;
    const child = fork(main, [], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [],
      serialization: "advanced",
    });
    this.#child = child;
    this.#startedAt = clock.monotonic();
    child.on("message", (message: FromWorker) => this.#receive(child, message));
    const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (this.#child === child) this.#child = undefined;
      this.#failed(new Error(`An ingest process did not start: ${this.#failure}.`));
      if (this.#closing) return;
      this.#deaths = clock.monotonic() - this.#startedAt > steadyMs ? 1 : this.#deaths + 1;
      log({ level: "error", event: "worker-process-died", code, signal, deaths: this.#deaths });
      this.#timer = setTimeout(() => this.#start(), Math.min(30_000, 50 * 2 ** Math.min(this.#deaths, 10)));
    };
    child.once("exit", ended);
    child.on("error", (error) => {
      log({ level: "error", event: "worker-process-error", message: error.message });
      // What could not be started does not exit.
      if (child.pid === undefined) ended(null, null);
    });
    const tls = this.#tls ?? settings.tls;
    send(child, { kind: "start", settings: { ...settings, tls }, verdict: verdict() });
  }

  #receive(child: ChildProcess, message: FromWorker): void {
    const { answer, log } = this.#options;
    if (message.kind === "listening") this.#listens(message.url);
    else if (message.kind === "failed") {
      this.#failure = message.message;
      log({ level: "error", event: "worker-process-failed", message: message.message });
    } else if (message.kind === "log") log(message.entry);
    else
      answer(message).then(
        (value) => send(child, { kind: "answer", id: message.id, answer: value }),
        (error: unknown) => send(child, { kind: "refusal", id: message.id, error: carriedError(error) }),
      );
  }
}

function send(child: ChildProcess, message: ToWorker): void {
  // It may be gone: then nobody waits for the answer.
  if (child.connected) child.send(message, () => undefined);
}
