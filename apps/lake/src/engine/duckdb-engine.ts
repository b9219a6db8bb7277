import { availableParallelism, totalmem } from "node:os";
import { relative, resolve, sep } from "node:path";
import { failureText } from "@tributary/lake-sql";
import { TributaryError } from "@tributary/schema";
import { QueryChild } from "./child-process.ts";
import { childUser } from "./child-user.ts";
import type { Engine, EngineQuery, EngineResult } from "./engine.ts";
import { setupStatements } from "./setup-statements.ts";
import { shutDirectories } from "./shut-directories.ts";

export interface DuckDBEngineOptions {
  /** Every file of a query is under this directory. */
  readonly directory: string;
  /** When the lake runs as root, the user that children become. Default `nobody`. */
  readonly childUser?: string;
  /** Of one child. Default: a quarter of the machine's, at most 2 GiB. */
  readonly memoryBytes?: number;
  /** Of one child. Default: half of the machine's processors. */
  readonly threads?: number;
  /** How long an interrupted child may take before it is killed. Default 1000. */
  readonly graceMs?: number;
  /** How long after a query's rows the next spare starts: what makes the answer of them goes first. Default 50. */
  readonly spareAfterMs?: number;
}

/** Runs every query in a child process of its own, with one spare that has started already. Throws `CHILD_USER_INVALID`. */
export class DuckDBEngine implements Engine {
  readonly #directory: string;
  readonly #graceMs: number;
  readonly #spareAfterMs: number;
  readonly #start: () => QueryChild;
  readonly #running = new Set<QueryChild>();
  #spare: QueryChild | undefined;
  #spareTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: DuckDBEngineOptions) {
    this.#directory = resolve(options.directory);
    // Children start in it, also before the first object is there.
    shutDirectories(this.#directory);
    this.#graceMs = options.graceMs ?? 1000;
    this.#spareAfterMs = options.spareAfterMs ?? 50;
    const memory = options.memoryBytes ?? Math.min(totalmem() / 4, 2 * 1024 ** 3);
    const config = {
      threads: String(options.threads ?? Math.max(1, Math.floor(availableParallelism() / 2))),
      memory_limit: `${Math.max(64, Math.floor(memory / 1024 ** 2))}MiB`,
      // Nothing is written to disk: a query that needs more memory fails.
      temp_directory: "",
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
      allow_community_extensions: "false",
    };
    const user = childUser(options.childUser ?? "nobody");
    this.#start = () => new QueryChild({ directory: this.#directory, user, config });
    this.#spare = this.#start();
  }

  async run(query: EngineQuery, signal: AbortSignal): Promise<EngineResult> {
    signal.throwIfAborted();
    if (this.#closed) throw new TributaryError("The lake is closing.", { code: "QUERY_FAILED", retryable: true });
    const setup = setupStatements(
      query.tables.map((table) => ({ ...table, files: table.files.map((file) => this.#inside(file)) })),
    );
    const child = this.#take();
    child.hold();
    const stop = this.#stopOn(signal, child);
    try {
      const hello = await child.next();
      if (hello.kind === "unable") {
        throw new TributaryError(
          `Queries cannot run: their process cannot change to its own user (${hello.message}). Give --child-user a user that may run processes here.`,
          { code: "QUERY_FAILED" },
        );
      }
      child.send({ kind: "run", setup, sql: query.sql });
      const first = await child.next();
      if (first.kind !== "columns")
        throw failure(first.kind === "failed" ? first.message : `an unexpected message '${first.kind}'`);
      return { columns: first.columns, pages: pages(child, signal, stop) };
    } catch (error) {
      stop();
      throw signal.aborted ? signal.reason : error;
    }
  }

  /** Of the children that run queries or wait for one. */
  get pids(): readonly (number | undefined)[] {
    return [...this.#running, ...(this.#spare === undefined ? [] : [this.#spare])].map((child) => child.pid);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#spareTimer);
    const children = [...this.#running, ...(this.#spare === undefined ? [] : [this.#spare])];
    for (const child of children) {
      // A spare is not waited for by itself: here its end is.
      child.hold();
      child.kill();
    }
    await Promise.all(children.map((child) => child.closed));
  }

  #take(): QueryChild {
    clearTimeout(this.#spareTimer);
    const child = this.#spare?.alive === true ? this.#spare : this.#start();
    this.#spare = undefined;
    this.#running.add(child);
    void child.closed.then(() => this.#running.delete(child));
    return child;
  }

  /** Interrupts the child when the signal aborts, kills it after the grace. The answer ends the child and makes a new spare. */
  #stopOn(signal: AbortSignal, child: QueryChild): () => void {
    let timer: NodeJS.Timeout | undefined;
    const abort = (): void => {
      child.send({ kind: "interrupt" });
      timer = setTimeout(() => child.kill(), this.#graceMs);
    };
    signal.addEventListener("abort", abort, { once: true });
    return () => {
      signal.removeEventListener("abort", abort);
      clearTimeout(timer);
      child.kill();
      this.#startSpareSoon();
    };
  }

  #startSpareSoon(): void {
    clearTimeout(this.#spareTimer);
    this.#spareTimer = setTimeout(() => {
      if (!this.#closed && this.#spare?.alive !== true) this.#spare = this.#start();
    }, this.#spareAfterMs).unref();
  }

  /** A file's path as the child names it: from its working directory on. */
  #inside(file: string): string {
    const path = relative(this.#directory, file);
    if (path === "" || path.startsWith(".."))
      throw new TributaryError(`Table file ${file} is not under ${this.#directory}.`, { code: "QUERY_FAILED" });
    return path.split(sep).join("/");
  }
}

async function* pages(
  child: QueryChild,
  signal: AbortSignal,
  stop: () => void,
): AsyncGenerator<readonly (readonly (string | null)[])[]> {
  try {
    for (;;) {
      const message = await child.next();
      signal.throwIfAborted();
      if (message.kind === "end") return;
      if (message.kind !== "page")
        throw failure(message.kind === "failed" ? message.message : `an unexpected message '${message.kind}'`);
      yield message.rows;
      child.send({ kind: "more" });
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    stop();
  }
}

function failure(message: string): TributaryError {
  // What is not of the user's making is for the log, not for the user.
  const cause = /^(?:IO|INTERNAL|FATAL)\b/.test(message) ? new Error(message.slice(0, 2000)) : undefined;
  return new TributaryError(failureText(message).slice(0, 2000), { code: "QUERY_FAILED", ...(cause && { cause }) });
}
