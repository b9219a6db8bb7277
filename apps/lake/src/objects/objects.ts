/** The objects port: everything that never changes, and hints. Paths are `/`-separated, relative, of `[A-Za-z0-9._=-]` segments that begin with no dot. */
export interface Objects {
  /** Stores a local file or bytes durably under a path that must not exist; an existing object must have equal bytes, else throws `OBJECT_EXISTS`. */
  put(path: string, content: Uint8Array | { readonly file: string }): Promise<void>;
  /**
   * Stores bytes durably under a path in the place of what is there, atomically: a reader has the old bytes or the new ones, whole.
   * The last of two writers wins. Only for a hint that may be old: what is put is never replaced.
   */
  replace(path: string, content: Uint8Array): Promise<void>;
  get(path: string): Promise<Uint8Array>;
  /** A local, read-only path of the object's bytes. */
  stage(path: string): Promise<string>;
  /** No error when absent. */
  delete(path: string): Promise<void>;
  /** For `verify`, and for the purge of a whole store: nothing else may rest on a listing. */
  list(prefix: string): AsyncIterable<string>;
}
