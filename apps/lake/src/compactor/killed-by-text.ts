import { unpackText } from "../journal/journal-line.ts";
import type { Shredder } from "./shredder.ts";

/** A shredder with a planted fault: this process dies, as of a crash in DuckDB, when it is to parse an event with this text. */
export function killedByText(shredder: Shredder, text: string): Shredder {
  return {
    ...shredder,
    load: async (blobs, options) => {
      if (options?.textOnly !== true && blobs.some((blob) => unpackText(blob).includes(text)))
        process.kill(process.pid, "SIGKILL");
      return await shredder.load(blobs, options);
    },
  };
}
