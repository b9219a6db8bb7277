import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { TributaryError } from "@tributary/schema";

/** The path of a package's own command, as its package.json names it. */
export function commandOf(packageName: string, command: string): string {
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly bin: Readonly<Record<string, string>> };
  return join(dirname(manifest), bin[command]!);
}

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
}

/** Runs a Node script to its end. Its standard error goes to ours, or to `onStderr`. */
export async function runToEnd(
  script: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly onStderr?: (text: string) => void },
): Promise<Finished> {
  const child = spawn(process.execPath, [script, ...args], {
    env: options.env,
    stdio: ["ignore", "pipe", options.onStderr ? "pipe" : "inherit"],
  });
  let stdout = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => options.onStderr?.(text));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  return { exitCode, stdout };
}

/** Starts a long-running Node script and waits for its first line on standard output that `ready` accepts. */
export async function startUntilReady<T>(
  script: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly ready: (line: string) => T | undefined },
): Promise<{ readonly child: ChildProcess; readonly value: T }> {
  const child = spawn(process.execPath, [script, ...args], { env: options.env, stdio: ["ignore", "pipe", "inherit"] });
  const value = await new Promise<T>((resolve, reject) => {
    let text = "";
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(
        new TributaryError(`${script} ended with code ${String(code)} before it was ready; its message is above.`, {
          code: "PROCESS_ENDED",
        }),
      ),
    );
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      let end = text.indexOf("\n");
      for (; end >= 0; end = text.indexOf("\n")) {
        const found = options.ready(text.slice(0, end));
        text = text.slice(end + 1);
        if (found !== undefined) resolve(found);
      }
    });
  });
  return { child, value };
}
