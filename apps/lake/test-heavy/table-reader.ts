import { spawn } from "node:child_process";

/** A program that reads tables: started once, asked as often as one likes. */
export interface TableReader {
  /** Sends one line; answers the JSON lines that come back, up to an empty one. Throws what it wrote to standard error when it ends before. */
  ask(request: object): Promise<readonly unknown[]>;
  /** All that it has written to standard error. */
  readonly stderr: string;
  end(): void;
}

/** @param command whose standard input takes a JSON object a line, as delta-kernel/ReadTable.java says */
export function tableReader([program, ...args]: readonly string[]): TableReader {
  const child = spawn(program!, args, { stdio: ["pipe", "pipe", "pipe"] });
  let [text, stderr] = ["", ""];
  let answered: ((lines: readonly unknown[]) => void) | undefined;
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    if (!text.endsWith("\n\n")) return;
    const lines = text.trim().split("\n");
    text = "";
    answered?.(lines.map((line) => JSON.parse(line) as unknown));
  });
  const ended = new Promise<never>((_, reject) =>
    child.once("close", (code) => reject(new Error(`${program!} ended with ${String(code)}: ${stderr}`))),
  );
  // Whoever asks is told.
  ended.catch(() => undefined);
  return {
    get stderr() {
      return stderr;
    },
    ask(request) {
      const answer = new Promise<readonly unknown[]>((resolve) => (answered = resolve));
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return Promise.race([answer, ended]);
    },
    end: () => void child.stdin.end(),
  };
}
