import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { BodyBudget } from "./body-budget.ts";
import { WireError } from "./wire-error.ts";

/** What {@link readBody} answers: the bytes, and the call that returns them to the budget once the request is done. */
export interface HeldBody {
  /** Empty when they were not to be held. */
  readonly bytes: Buffer;
  /** Of the bytes received, lower-case hex. */
  readonly sha256: string;
  release(): void;
}

export interface BodyOptions {
  readonly maxBytes: number;
  readonly budget: BodyBudget;
  /** The address that the bytes are counted for. */
  readonly peer: string;
  /** Without it the bytes are hashed and let go as they come. */
  readonly hold: boolean;
}

/**
 * Reads a request's raw body, up to `maxBytes`, and hashes it as it comes. What is over is discarded, not held: up to eight times the limit, so that
 * a client that is still sending reads the refusal; a longer one is cut off. Spec 1.5.
 * Throws RequestEntityTooLargeException 413 or ServiceUnavailable 503.
 */
export function readBody(request: IncomingMessage, options: BodyOptions): Promise<HeldBody> {
  const { maxBytes, budget, peer, hold } = options;
  const maxRead = 8 * maxBytes;
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let held = 0;
    let read = 0;
    let refusal: WireError | undefined;
    const sha256 = createHash("sha256");
    const release = (): void => {
      budget.give(peer, held);
      held = 0;
      chunks = [];
    };
    const refuse = (error: WireError): void => {
      refusal ??= error;
      release();
    };
    const aborted = (): void => {
      release();
      reject(
        new WireError("RequestAborted", "The client closed the connection before the body was complete.", {
          status: 400,
          closeConnection: true,
        }),
      );
    };
    if (request.destroyed && !request.complete) return aborted();
    const declared = Number(request.headers["content-length"] ?? 0);
    if (declared > maxRead) return reject(tooLarge(maxBytes, true));
    if (declared > maxBytes) refuse(tooLarge(maxBytes));
    request.on("data", (chunk: Buffer) => {
      read += chunk.length;
      if (read > maxRead) reject(tooLarge(maxBytes, true));
      else if (read > maxBytes) refuse(tooLarge(maxBytes));
      if (refusal) return;
      sha256.update(chunk);
      if (!hold) return;
      if (!budget.take(peer, chunk.length))
        return refuse(
          new WireError("ServiceUnavailable", "Too many large requests at once. Retry later.", {
            status: 503,
            retryAfter: 1,
          }),
        );
      held += chunk.length;
      chunks.push(chunk);
    });
    request.once("end", () => {
      if (refusal) return reject(refusal);
      const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, held);
      resolve({ bytes, sha256: sha256.digest("hex"), release });
    });
    request.once("error", () => undefined); // it is closed too
    request.once("close", () => {
      if (!request.complete) aborted();
    });
  });
}

/** The refusal of a body longer than the server takes. */
export function tooLarge(maxBytes: number, closeConnection = false): WireError {
  return new WireError(
    "RequestEntityTooLargeException",
    `The request body is larger than ${maxBytes} bytes. Send fewer or smaller events in one request.`,
    {
      status: 413,
      closeConnection,
    },
  );
}
