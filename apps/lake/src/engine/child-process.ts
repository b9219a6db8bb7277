import { fork, type ChildProcess as NodeChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { TributaryError } from "@tributary/schema";
import { readFromChild, type ChildUser, type FromChild, type ToChild } from "./child-message.ts";

export interface ChildOptions {
  /** The child's working directory: relative paths start here, whatever rights its parents need. */
  readonly directory: string;
  readonly user: ChildUser | undefined;
  /** DuckDB's settings. */
  readonly config: Readonly<Record<string, string>>;
}

const entry = fileURLToPath(new URL(`./query-child${extname(import.meta.url)}`, import.meta.url));

/** One query child, seen from the lake: messages in order, its end as an error. */
export class QueryChild {
  readonly #process: NodeChildProcess;
  readonly #inbox: FromChild[] = [];
  #wake: (() => void) | undefined;
  #end: string | undefined;
  #stderr = "";
  readonly closed: Promise<void>;

  constructor(options: ChildOptions) {
    this.#process = fork(entry, [JSON.stringify({ user: options.user, config: options.config })], {
      cwd: options.directory,
      // No secret of the lake's environment reaches the child.
      env: {},
      execArgv: ["--no-warnings", "--max-old-space-size=512"],
      serialization: "json",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#process.stderr
      ?.setEncoding("utf8")
      .on("data", (text: string) => (this.#stderr = (this.#stderr + text).slice(-2000)));
    this.#process.on("message", (message) => {
      this.#inbox.push(
        readFromChild(message) ?? { kind: "failed", message: "The engine process sent what it never sends." },
      );
      this.#wake?.();
    });
    this.closed = new Promise((resolve) => {
      const over = (reason: string): void => {
        this.#end ??= reason;
        this.#wake?.();
        resolve();
      };
      this.#process.on("error", (error) => over(error.message));
      this.#process.on("exit", (code, signal) => over(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
    // A waiting spare keeps nobody from ending.
    this.#process.unref();
    this.#process.channel?.unref();
    if (this.#process.stderr instanceof Socket) this.#process.stderr.unref();
  }

  get alive(): boolean {
    return this.#end === undefined;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  send(message: ToChild): void {
    // The process may be gone: its end is what `next` answers then.
    if (this.alive && this.#process.connected) this.#process.send(message, () => undefined);
  }

  /** Keeps the lake's process running while a query waits for this child. */
  hold(): void {
    this.#process.ref();
    this.#process.channel?.ref();
  }

  /** The child's next message. Throws `QUERY_FAILED` when it has died. */
  async next(): Promise<FromChild> {
    for (;;) {
      const message = this.#inbox.shift();
      if (message !== undefined) return message;
      if (this.#end !== undefined) {
        throw new TributaryError(
          `The query's engine process ended (${this.#end}) before the query did: it may have needed more memory than it is allowed.`,
          {
            code: "QUERY_FAILED",
            cause: this.#stderr === "" ? undefined : new Error(this.#stderr),
          },
        );
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }
}
