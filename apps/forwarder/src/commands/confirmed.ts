import { createInterface } from "node:readline/promises";
import type { Readable } from "node:stream";
import type { Io } from "./command.ts";
import { usageError } from "./usage-error.ts";

/** Whether a person says yes on the terminal. Throws USAGE where there is none: then it takes `--yes`. */
export async function confirmed(question: string, io: Io): Promise<boolean> {
  const stdin: Readable & { readonly isTTY?: boolean } = io.stdin;
  if (stdin.isTTY !== true) throw usageError("There is no terminal to ask on: say --yes.");
  const lines = createInterface({ input: stdin, output: io.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal: io.signal })).trim());
  } finally {
    lines.close();
  }
}
