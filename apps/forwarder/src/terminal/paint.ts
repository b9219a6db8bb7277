import type { Io } from "../commands/command.ts";

const codes = { green: 32, yellow: 33, red: 31, grey: 90 } as const;

/** Colours text for a terminal; leaves it alone where output is none, or NO_COLOR is set (no-color.org). */
export function paint({
  stdout,
  env,
}: Pick<Io, "stdout" | "env">): (colour: keyof typeof codes, text: string) => string {
  const plain = stdout.isTTY !== true || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return (colour, text) => (plain ? text : `\u001b[${codes[colour]}m${text}\u001b[39m`);
}
