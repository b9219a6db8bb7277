/** Writes the actions of a Delta checkpoint as one table file. */
export interface CheckpointWriter {
  write(actions: readonly object[]): Promise<CheckpointFile>;
}

export interface CheckpointFile {
  readonly content: Uint8Array | { readonly file: string };
  /** Frees the file: it has been put by then, or never will be. */
  close(): Promise<void>;
}
