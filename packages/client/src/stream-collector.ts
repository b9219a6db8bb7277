import type { Readable } from "node:stream";

/** A hundred answers with the longest messages are 0.6 MB. */
const mostBytes = 4 * 1024 * 1024;

/** The bytes of an answer. Throws, and lets go of the connection, when there are more than any answer has: it is somebody else's. */
export async function streamCollector(stream: unknown): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Node's transport hands over its own stream
  for await (const chunk of stream as Readable & AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // Leaving the loop destroys the stream.
    if (size > mostBytes) throw new Error(`The answer is longer than ${mostBytes} bytes: no PutAuditEvents answer is.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
