import { closeSync, openSync, readSync } from "node:fs";
import { CreateAdapterError } from "./create-adapter-error.ts";

/** The beginning of a file. Throws `SAMPLES_NOT_USABLE` where it cannot be read. */
export function readHead(path: string, maxBytes: number): { readonly bytes: Uint8Array; readonly isCut: boolean } {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const bytes = new Uint8Array(maxBytes + 1);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(file, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return { bytes: bytes.subarray(0, Math.min(length, maxBytes)), isCut: length > maxBytes };
  } catch (cause) {
    throw new CreateAdapterError(
      "SAMPLES_NOT_USABLE",
      `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      cause,
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
