import type { Changes, Store } from "../../src/state/store.ts";

/** A store whose commits go another way. */
export function withCommit(store: Store, commit: (changes: Changes) => Promise<void>): Store {
  return {
    commit,
    nextChunk: () => store.nextChunk(),
    cursor: (source) => store.cursor(source),
    openChunks: (after, most) => store.openChunks(after, most),
    chunk: (id) => store.chunk(id),
    states: (id) => store.states(id),
    sentAll: (keys) => store.sentAll(keys),
    asked: store.asked,
  };
}
