/** What the command uses of its process. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly cwd: string;
  /** Whether somebody can be asked: input and output are a terminal. */
  readonly isTerminal: boolean;
}
