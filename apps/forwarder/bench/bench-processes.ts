import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ProcessWatch } from "./process-watch.ts";

export const cli = fileURLToPath(new URL("../bin/tributary.js", import.meta.url));
export const channelArn = "arn:aws:cloudtrail:us-east-1:111122223333:channel/0c1d2e3f-0000-4000-8000-000000000001";

/** Credentials of nobody. */
const env = {
  ...process.env,
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "an-example-secret",
  AWS_EC2_METADATA_DISABLED: "true",
};

export interface Sink {
  readonly url: string;
  /** What came since the last call. */
  taken(): Promise<{ readonly requests: number; readonly events: number; readonly characters: number }>;
  close(): void;
}

/** A sink.mjs in a process of its own. @param mode its argument */
export async function sink(mode?: string): Promise<Sink> {
  const child = fork(fileURLToPath(new URL("sink.mjs", import.meta.url)), mode === undefined ? [] : [mode]);
  const [{ url }] = (await once(child, "message")) as [{ readonly url: string }];
  return {
    url,
    taken: async () => (await fetch(`${url}/taken`)).json() as ReturnType<Sink["taken"]>,
    close: () => child.kill(),
  };
}

export interface Started {
  readonly child: ChildProcess;
  readonly watch: ProcessWatch;
  /** What it has written to standard error. */
  readonly log: () => string;
  /** ms from its start to its end, and its standard output. */
  readonly ended: Promise<{ readonly ms: number; readonly stdout: string; readonly code: number | null }>;
}

export function start(program: string, argv: readonly string[], everyMs?: number): Started {
  const began = performance.now();
  const child = spawn(program, argv, { env, stdio: ["ignore", "pipe", "pipe"] });
  const watch = new ProcessWatch(child.pid!, everyMs);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close").then(() => {
    watch.stop();
    return { ms: performance.now() - began, stdout, code: child.exitCode };
  });
  return { child, watch, log: () => stderr, ended };
}
