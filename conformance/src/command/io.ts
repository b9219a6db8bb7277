import type { Interruption } from "./interruption.ts";

/** What the command line touches. */
export interface Io {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
  readonly env: NodeJS.ProcessEnv;
  /** Asks on the terminal; false where there is none. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly interruption: Interruption;
  /** Runs it once after so many ms; answers how that is called off. */
  readonly after: (ms: number, run: () => void) => () => void;
}

/**
 * 0: conforms. 1: does not. 2: the command line is wrong. 3: the harness failed, the subject could not be reached, or the time was over.
 * A run that a signal ended exits with 128 and its number.
 */
export const exitCodes = { conforms: 0, fails: 1, usage: 2, error: 3 } as const;
