import { spawn } from "node:child_process";
import { workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";

// Owns the command's process for a thread that waits: lines go in by messages and come out by messages, each with a wake-up.

/** Longest line that a command may write. */
const maxLine = 32 * 1024 * 1024;

export interface LineWorkerData {
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
  readonly port: MessagePort;
  /** 0 while the other thread waits, 1 when there is something for it. */
  readonly flag: SharedArrayBuffer;
}
export type FromLineWorker = { readonly line: string } | { readonly end: string };

const { command, directory, port, flag }: LineWorkerData = workerData;
const woken = new Int32Array(flag);
const tell = (message: FromLineWorker): void => {
  port.postMessage(message);
  Atomics.store(woken, 0, 1);
  Atomics.notify(woken, 0);
};

const [program, ...args] = command;
const child = spawn(program, args, { cwd: directory, stdio: ["pipe", "pipe", "inherit"] });
let held = "";
child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
  const lines = (held + chunk).split("\n");
  held = lines.pop() ?? "";
  for (const line of lines) tell({ line });
  if (held.length > maxLine) child.kill("SIGKILL");
});
child.on("error", (error) => tell({ end: error.message }));
child.on("exit", (code, signal) => tell({ end: signal === null ? `exit code ${code}` : `signal ${signal}` }));
// A command that is gone says so by its exit.
child.stdin.on("error", () => undefined);
port.on("message", (line: string | null) => {
  if (line === null) child.kill("SIGKILL");
  else child.stdin.write(`${line}\n`);
});
