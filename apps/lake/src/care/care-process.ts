import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { CareArguments, CareReply, CareRequest } from "./care-message.ts";
import { DeathRecord } from "./deaths.ts";
import { sweepGrace } from "./sweep.ts";

export interface CareProcessOptions {
  /** The data directory. */
  readonly data: string;
  /** DuckDB's threads and memory for compaction. By default half the processors, and a quarter of the memory up to 1 GiB. */
  readonly threads?: number | undefined;
  readonly memoryBytes?: number | undefined;
  /** How long removed files stay after their removal was published. Default ten minutes. */
  readonly removedFileMs?: number | undefined;
  /** Only for fault tests: retention and sweeping without their waits. */
  readonly hasty?: boolean | undefined;
  /** Only for fault tests, which must fail with it: resends are stored again. */
  readonly keepDuplicates?: boolean | undefined;
  /** Only for fault tests: the process dies when it is to parse an event with this text. */
  readonly killedByText?: string | undefined;
  readonly log?: ((entry: Readonly<Record<string, unknown>>) => void) | undefined;
}

const main = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./care-main.ts" : "./care-main.js", import.meta.url),
);

/** Compaction and care in a process of their own, started again when it dies. Its death loses nothing. */
export class CareProcess {
  readonly #options: CareProcessOptions;
  /** When the first process is at work. */
  readonly ready: Promise<void>;
  #markReady: () => void = () => undefined;
  #child: ChildProcess | undefined;
  #closing = false;
  /** Since it last compacted anything. */
  #deaths = 0;
  readonly #record = new DeathRecord();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CareProcessOptions) {
    this.#options = options;
    this.ready = new Promise((resolve) => (this.#markReady = resolve));
    this.#start();
  }

  /** Of the process that works now. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Whether it can be told and heard. */
  get alive(): boolean {
    return this.#child?.connected === true;
  }

  /** A query waits for the store. Only a hint, for speed: the process looks for waiting queries itself. */
  hasten(storeId: string): void {
    this.#send({ kind: "hasten", storeId });
  }

  /** Lets it finish what it does, for at most `graceMs`. */
  async close(graceMs = 10_000): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    this.#send({ kind: "close" });
    const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
    await exited;
    clearTimeout(timer);
  }

  #start(): void {
    const {
      data,
      threads = Math.max(1, Math.floor(availableParallelism() / 2)),
      memoryBytes = Math.min(1024 ** 3, Math.floor(totalmem() / 4)),
      log,
    } = this.#options;
    const argument: CareArguments = {
      data,
      threads,
      memoryBytes,
      deaths: this.#record.deaths,
      removedFileMs: this.#options.removedFileMs ?? sweepGrace.removedFileMs,
      hasty: this.#options.hasty ?? false,
      keepDuplicates: this.#options.keepDuplicates ?? false,
      killedByText: this.#options.killedByText,
    };
    const child = fork(main, [JSON.stringify(argument)], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [],
    });
    this.#child = child;
    child.on("message", (reply: CareReply) => {
      if (reply.kind === "ready") return this.#markReady();
      if (reply.kind === "begin") return this.#record.begin(reply.work);
      if (reply.kind === "end") return this.#record.end(reply.of);
      const { event, storeId } = reply.entry;
      if (event === "compacted") this.#deaths = 0;
      if (event === "compacted" && typeof storeId === "string") this.#record.compacted(storeId);
      if (event === "merged" && typeof storeId === "string") this.#record.merged(storeId);
      log?.(reply.entry);
    });
    // One that could not be spawned has no exit.
    let over = false;
    const restart = (told: Readonly<Record<string, unknown>>): void => {
      if (over) return;
      over = true;
      if (this.#child === child) this.#child = undefined;
      if (this.#closing) return;
      this.#deaths += 1;
      log?.({ level: "error", event: "care-process-died", ...told, deaths: this.#deaths });
      this.#timer = setTimeout(() => this.#start(), Math.min(30_000, 100 * 2 ** Math.min(this.#deaths, 9)));
    };
    child.on("error", (error) => {
      if (child.pid === undefined) restart({ message: error.message });
      else log?.({ level: "error", event: "care-process-error", message: error.message });
    });
    child.on("exit", (code, signal) => {
      if (!this.#closing) this.#record.died();
      restart({ code, signal });
    });
  }

  #send(request: CareRequest): void {
    if (this.#child?.connected === true) this.#child.send(request, () => undefined);
  }
}
