import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { ShreddedFile } from "./shredder.ts";

/** The size of a local file and its SHA-256, as the catalog keeps them. */
export async function measure(file: string): Promise<Pick<ShreddedFile, "bytes" | "sha256">> {
  const hash = createHash("sha256");
  const chunks: AsyncIterable<Uint8Array> = createReadStream(file);
  for await (const chunk of chunks) hash.update(chunk);
  return { bytes: (await stat(file)).size, sha256: hash.digest("hex") };
}
