import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The bundled command line, as users start it. */
export const cli = fileURLToPath(new URL("../../bin/tributary.js", import.meta.url));
export const lineAdapter = fileURLToPath(new URL("line-adapter.ts", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts `tributary` with credentials of nobody and no configuration of this machine. */
export function start(
  argv: readonly string[],
  options: { readonly env?: Record<string, string>; readonly input?: string | Uint8Array; readonly cwd?: string } = {},
): Started {
  const env = {
    PATH: process.env["PATH"]!,
    HOME: "/nonexistent",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "an-example-secret",
    AWS_EC2_METADATA_DISABLED: "true",
    ...options.env,
  };
  const child = spawn(process.execPath, [cli, ...argv], { env, cwd: options.cwd });
  let stdout = "";
  let stderr = "";
  // A character may be in two chunks.
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  child.stdin.on("error", () => undefined);
  if (options.input !== undefined) child.stdin.end(options.input);
  const ended = new Promise<Ended>((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  return { child, ended };
}

export function tributary(argv: readonly string[], options: Parameters<typeof start>[1] = {}): Promise<Ended> {
  return start(argv, { input: "", ...options }).ended;
}
