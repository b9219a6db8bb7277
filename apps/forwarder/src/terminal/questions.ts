import { createInterface } from "node:readline/promises";
import { TributaryError } from "@tributary/schema";
import type { Io } from "../commands/command.ts";
import { printable } from "./table.ts";

/** Asks whoever sits at the terminal. */
export interface Questions {
  /** The answer without blanks around it; an empty one is the default. Throws `INTERRUPTED` where the terminal is closed. */
  ask(question: string, usual?: string): Promise<string>;
  /** Only y and yes are yes. */
  confirm(question: string): Promise<boolean>;
  close(): void;
}

/** Undefined where standard input is no terminal: then nothing can be asked. Questions go to standard error. */
export function questions({ stdin, stderr, signal }: Io): Questions | undefined {
  if (!("isTTY" in stdin && stdin.isTTY === true)) return undefined;
  const lines = createInterface({ input: stdin, output: stderr });
  const closed = new AbortController();
  lines.once("close", () => closed.abort());
  const until = AbortSignal.any([closed.signal, signal]);
  const ask = async (question: string, usual?: string): Promise<string> => {
    const shown = usual === undefined || usual === "" ? "" : ` [${printable(usual)}]`;
    try {
      const answer = (await lines.question(`${question}${shown}: `, { signal: until })).trim();
      return answer === "" ? (usual ?? "") : answer;
    } catch (cause) {
      if (!until.aborted) throw cause;
      throw new TributaryError("Nothing was answered, and nothing was changed.", { code: "INTERRUPTED", cause });
    }
  };
  return {
    ask,
    confirm: async (question) => /^y(es)?$/i.test(await ask(`${question} (y/N)`)),
    close: () => lines.close(),
  };
}
