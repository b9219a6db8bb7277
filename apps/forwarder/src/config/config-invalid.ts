import { TributaryError } from "@tributary/schema";
import { printable } from "../terminal/table.ts";

/** One thing that is wrong in a configuration. Never holds a secret. */
export interface ConfigProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** `integrations[0].poll.orgUrl`; empty for the file as a whole. */
  readonly path: string;
  /** What is there and why it is wrong, and what is allowed. */
  readonly message: string;
  readonly fix: string;
}

/** Thrown for a configuration that cannot be run, with all that is wrong. Not retryable: the file must change. */
export class ConfigInvalid extends TributaryError {
  static readonly code = "CONFIG_INVALID";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    super(sorted.map(problemLine).join("\n"), { code: ConfigInvalid.code });
    this.problems = sorted;
  }
}

/** `file:line:column: path: message. fix.` */
export function problemLine({ file, line, column, path, message, fix }: ConfigProblem): string {
  const where = `${file}:${line}:${column}: ${path === "" ? "" : `${path}: `}`;
  return printable(`${where}${message}. ${fix.slice(0, 1).toUpperCase()}${fix.slice(1)}.`);
}
