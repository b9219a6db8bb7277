import type { IncomingMessage } from "node:http";
import { WireError } from "./wire-error.ts";

/** Bytes of request bodies held by all requests in progress, so that many large ones cannot fill the memory. */
export class BodyBudget {
  readonly #limit: number;
  #held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the bytes fit; they are held until {@link give}. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.#limit) return false;
    this.#held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}

/** What {@link readBody} answers: the bytes, and the call that returns them to the budget once the request is done. */
export interface HeldBody {
  readonly bytes: Buffer;
  release(): void;
}

/**
 * Reads a request's raw body, up to `maxBytes`. What is over is discarded, not held: up to eight times the limit, so that
 * a client that is still sending reads the refusal; a longer one is cut off. Spec 1.5.
 * Throws RequestEntityTooLargeException 413 or ServiceUnavailable 503.
 */
export function readBody(request: IncomingMessage, maxBytes: number, budget: BodyBudget): Promise<HeldBody> {
  const maxRead = 8 * maxBytes;
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let held = 0;
    let read = 0;
    let refusal: WireError | undefined;
    const release = (): void => {
      budget.give(held);
      held = 0;
      chunks = [];
    };
    const refuse = (error: WireError): void => {
      refusal ??= error;
      release();
    };
    const declared = Number(request.headers["content-length"] ?? 0);
    if (declared > maxRead) return reject(tooLarge(maxBytes, true));
    if (declared > maxBytes) refuse(tooLarge(maxBytes));
    request.on("data", (chunk: Buffer) => {
      read += chunk.length;
      if (read > maxRead) reject(tooLarge(maxBytes, true));
      else if (read > maxBytes) refuse(tooLarge(maxBytes));
      if (refusal) return;
      if (!budget.take(chunk.length))
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
      resolve({ bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, held), release });
    });
    request.once("error", () => undefined); // it is closed too
    request.once("close", () => {
      if (request.complete) return;
      release();
      reject(
        new WireError("RequestAborted", "The client closed the connection before the body was complete.", {
          status: 400,
          closeConnection: true,
        }),
      );
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
