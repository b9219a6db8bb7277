import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { ResultRow } from "../query/result-store.ts";
import { csvRecord } from "./csv-lines.ts";

export interface ResultFile {
  readonly fileName: string;
  /** SHA-256 of the file as it is stored, hexadecimal. */
  readonly fileHashValue: string;
}

/**
 * Writes a result as `result_1.csv.gz`, `result_2.csv.gz` and so on, each with a header and about `maxFileBytes` of text; one,
 * with the header alone, for no rows. The same rows give the same bytes.
 */
export async function writeResultFiles(
  columns: readonly string[],
  pages: AsyncIterable<readonly ResultRow[]>,
  maxFileBytes: number,
  write: (name: string, content: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<readonly ResultFile[]> {
  const iterator = pages[Symbol.asyncIterator]();
  const files: ResultFile[] = [];
  try {
    let next = await iterator.next();
    const text = async function* (): AsyncGenerator<Buffer> {
      let bytes = 0;
      const header = Buffer.from(csvRecord(columns));
      yield header;
      while (next.done !== true && bytes < maxFileBytes) {
        const page = Buffer.from(next.value.map(csvRecord).join(""));
        bytes += page.length;
        next = await iterator.next();
        yield page;
      }
    };
    do {
      const fileName = `result_${files.length + 1}.csv.gz`;
      const hash = createHash("sha256");
      await write(fileName, hashed(gzipped(text()), hash));
      files.push({ fileName, fileHashValue: hash.digest("hex") });
    } while (next.done !== true);
  } finally {
    await iterator.return?.();
  }
  return files;
}

async function* gzipped(text: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(text, { objectMode: false });
  const gzip = createGzip();
  source.on("error", (error) => gzip.destroy(error));
  try {
    yield* source.pipe(gzip) as AsyncIterable<Uint8Array>;
  } finally {
    source.destroy();
    gzip.destroy();
  }
}

async function* hashed(
  content: AsyncIterable<Uint8Array>,
  hash: { update(chunk: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
}
