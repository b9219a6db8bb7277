import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("./peer-child.ts", import.meta.url));
/** As DuckDBEngine has them by default. */
const config = {
  threads: String(Math.max(1, Math.floor(availableParallelism() / 2))),
  memory_limit: `${Math.floor(Math.min(totalmem() / 4, 2 * 1024 ** 3) / 1024 ** 2)}MiB`,
  temp_directory: "",
};

/** Runs statements in a process that waits for them: from the message that has them to the rows of the last one. */
export async function runPeer(statements: readonly string[]): Promise<{
  readonly ms: number;
  readonly processorMs: number;
  readonly rows: readonly (readonly (string | null)[])[];
}> {
  const child: ChildProcess = fork(entry, [JSON.stringify(config)], { execArgv: ["--max-old-space-size=512"] });
  try {
    await once(child, "message");
    await settle();
    const began = performance.now();
    child.send(statements);
    const [answer] = (await once(child, "message")) as [
      { rows?: (string | null)[][]; processorMs?: number; error?: string },
    ];
    const ms = performance.now() - began;
    const { rows, processorMs } = answer;
    if (rows === undefined || processorMs === undefined)
      throw new Error(`${statements.at(-1)!}: ${answer.error ?? ""}`);
    return { ms, processorMs, rows };
  } finally {
    child.kill("SIGKILL");
  }
}

/** Lets what the last query started, a spare process, come to rest. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
}
