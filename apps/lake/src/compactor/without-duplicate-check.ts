import type { Shredder } from "./shredder.ts";

/** A shredder with a planted bug: it believes no event to be there already. Fault tests must find it. */
export function withoutDuplicateCheck(shredder: Shredder): Shredder {
  return {
    load: async (blobs, options) => ({
      ...(await shredder.load(blobs, options)),
      dropDuplicates: async () => 0,
      overlapping: async () => [],
    }),
    rewrite: (path, eventIds) => shredder.rewrite(path, eventIds),
    merge: (paths, options) => shredder.merge(paths, { ...options, keepDuplicates: true }),
  };
}
