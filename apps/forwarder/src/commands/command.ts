import type { Readable, Writable } from "node:stream";

/** The world as a command sees it; tests hand in their own. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Calls back at each SIGHUP, which otherwise ends the process; the answer takes that back. */
  readonly onHangup?: (callback: () => void) => () => void;
}

/** One word of the command line. */
export interface Command {
  /** The full help text. */
  readonly help: string;
  /** Answers the exit code. Throws TributaryError; code USAGE means a wrong command line. */
  run(argv: readonly string[], io: Io): Promise<number>;
}
