import { createInterface } from "node:readline/promises";
import type { Io } from "./io.ts";

/** Thrown when the answers end: Ctrl-C, Ctrl-D, a closed input. */
export class Interrupted extends Error {}

/** Asks questions on a terminal. */
export interface Asker {
  /**
   * One answer. It is asked again, with the reason, until `check` has none.
   * @param preset what an empty answer means
   */
  ask(question: string, preset: string, check: (answer: string) => string | undefined): Promise<string>;
  close(): void;
}

/** An {@link Asker} on the process's own streams. Throws {@link Interrupted} when nobody answers any more. */
export function askerOf({ stdin, stdout }: Pick<Io, "stdin" | "stdout">): Asker {
  const terminal = createInterface({ input: stdin, output: stdout });
  // Answers that were typed, or piped, ahead of their questions wait here.
  const waiting: string[] = [];
  let next: { readonly resolve: (line: string) => void; readonly reject: (error: Error) => void } | undefined;
  let isClosed = false;
  terminal.on("line", (line) => {
    if (next === undefined) waiting.push(line);
    else next.resolve(line);
    next = undefined;
  });
  terminal.once("close", () => {
    isClosed = true;
    next?.reject(new Interrupted());
  });
  const line = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const ahead = waiting.shift();
      if (ahead !== undefined) resolve(ahead);
      else if (isClosed) reject(new Interrupted());
      else next = { resolve, reject };
    });
  return {
    async ask(question, preset, check) {
      for (;;) {
        terminal.setPrompt(`${question}${preset === "" ? "" : ` [${preset}]`}: `);
        if (!isClosed) terminal.prompt();
        const written = (await line()).trim();
        const answer = written === "" ? preset : written;
        const reason = check(answer);
        if (reason === undefined) return answer;
        stdout.write(`  ${reason}\n`);
      }
    },
    close: () => terminal.close(),
  };
}
