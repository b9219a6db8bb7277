import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { FromLineWorker, LineWorkerData } from "./line-worker.ts";

const entry = fileURLToPath(new URL(`./line-worker${extname(import.meta.url)}`, import.meta.url));

/**
 * A command that answers lines, asked synchronously: the calling thread waits while the command thinks. So an adapter in another
 * language is an adapter like any other to everyone who holds one.
 */
export class LineProcess {
  readonly #worker: Worker;
  readonly #channel = new MessageChannel();
  readonly #flag = new SharedArrayBuffer(4);
  #end: string | undefined;

  constructor(command: readonly [string, ...string[]], directory: string) {
    const workerData: LineWorkerData = { command, directory, port: this.#channel.port2, flag: this.#flag };
    this.#worker = new Worker(entry, { workerData, transferList: [this.#channel.port2] });
    this.#worker.unref();
    this.#channel.port1.unref();
  }

  /** The command's next line. Throws when it has ended, or has said nothing for so many ms: it is killed then. */
  read(timeoutMs: number): string {
    const woken = new Int32Array(this.#flag);
    for (;;) {
      const received = receiveMessageOnPort(this.#channel.port1);
      if (received !== undefined) {
        const message: FromLineWorker = received.message;
        if ("line" in message) return message.line;
        this.#end = message.end;
      }
      if (this.#end !== undefined) throw new Error(`it ended (${this.#end})`);
      Atomics.store(woken, 0, 0);
      // What came between the look and the store has been posted before its wake-up: look once more.
      const late = receiveMessageOnPort(this.#channel.port1);
      if (late !== undefined) {
        const message: FromLineWorker = late.message;
        if ("line" in message) return message.line;
        this.#end = message.end;
        continue;
      }
      if (Atomics.wait(woken, 0, 0, timeoutMs) === "timed-out") {
        this.kill();
        this.#end = `killed: no answer for ${timeoutMs / 1000} s`;
      }
    }
  }

  write(line: string): void {
    this.#channel.port1.postMessage(line);
  }

  kill(): void {
    this.#channel.port1.postMessage(null);
  }

  async close(): Promise<void> {
    this.kill();
    await this.#worker.terminate();
  }
}
