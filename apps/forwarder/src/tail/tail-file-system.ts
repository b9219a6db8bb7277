/** What the file system says of a file. */
export interface FileFacts {
  /** Device and inode: the same file under every name. */
  readonly file: string;
  readonly size: number;
  /** ms since 1970. */
  readonly modifiedAt: number;
}

/** An open file: it can be read when it was renamed or deleted. */
export interface OpenFile {
  facts(): Promise<FileFacts & { readonly isDeleted: boolean }>;
  /** Fills the buffer from a position on; answers how many bytes there were. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  close(): Promise<void>;
}

/** What the tail needs of a file system, so that tests own it. */
export interface TailFileSystem {
  /** Files that patterns name, those below directories too, sorted; without those that `exclude` names. */
  find(patterns: readonly string[], exclude: readonly string[]): readonly string[];
  /** Of the file that a path leads to, through symbolic links; undefined where there is none, or none that may be seen. */
  facts(path: string): FileFacts | undefined;
  /** Files in the directory of the file that a path names. */
  siblings(path: string): readonly string[];
  /** Throws what the system says: `EACCES`, `ENOENT`. */
  open(path: string): Promise<OpenFile>;
}
