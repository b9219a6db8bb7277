import { spawn, type ChildProcess } from "node:child_process";

/** Starts a Node script that prints `{"url": ...}` as one of its first lines. */
export async function startServer(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly child: ChildProcess; readonly url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.once("exit", (code) => reject(new Error(`${script} ended with code ${String(code)} before it was ready`)));
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const line = text.split("\n").find((one) => one.startsWith("{") && one.includes('"url"') && one.endsWith("}"));
      if (line !== undefined) resolve((JSON.parse(line) as { url: string }).url);
    });
  });
  return {
    child,
    url,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
