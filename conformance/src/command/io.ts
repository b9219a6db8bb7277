/** What the command line touches. */
export interface Io {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
  readonly env: NodeJS.ProcessEnv;
  /** Asks on the terminal; false where there is none. */
  readonly confirm: (question: string) => Promise<boolean>;
}

/** 0: conforms. 1: does not. 2: the command line is wrong. 3: the harness failed, or the subject could not be reached. */
export const exitCodes = { conforms: 0, fails: 1, usage: 2, error: 3 } as const;
