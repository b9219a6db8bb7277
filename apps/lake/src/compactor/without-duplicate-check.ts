import type { Shredder } from "./shredder.ts";

/** A shredder with a planted bug: it believes no event to be there already. Fault tests must find it. */
export function withoutDuplicateCheck(shredder: Shredder): Shredder {
  return {
    load: async (blobs) => ({
      ...(await shredder.load(blobs)),
      dropDuplicates: async () => 0,
      overlapping: async () => [],
    }),
  };
}
