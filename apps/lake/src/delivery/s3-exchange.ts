import { type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Readable } from "node:stream";

export interface S3Answer {
  readonly status: number;
  /** The error's name, where the answer has one. */
  readonly code: string;
}

/** An answer is read to this many characters. */
const maxAnswer = 64 * 1024;

/**
 * One request and its answer. Throws for a connection that fails, for `idleMs` in which nothing moves, and after `totalMs`.
 * Follows no redirect, for that would carry the signature elsewhere.
 */
export async function exchangeS3(
  endpoint: URL,
  request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: Readable | undefined;
  },
  limits: { readonly idleMs: number; readonly totalMs: number; readonly signal: AbortSignal },
): Promise<S3Answer> {
  const { method, path, headers, body } = request;
  const { idleMs, totalMs, signal } = limits;
  const send = endpoint.protocol === "https:" ? httpsRequest : httpRequest;
  const sent = send(endpoint, {
    method,
    path,
    headers,
    agent: false,
    timeout: idleMs,
    signal: AbortSignal.any([signal, AbortSignal.timeout(totalMs)]),
  });
  // What comes after the answer changes nothing.
  sent.on("error", () => {});
  sent.on("timeout", () => sent.destroy(new Error(`nothing moved for ${idleMs} ms`)));
  try {
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once("response", resolve).once("error", reject);
    });
    if (body) body.on("error", (error) => sent.destroy(error)).pipe(sent);
    else sent.end();
    const answer = await answered;
    let text = "";
    for await (const chunk of answer.setEncoding("utf8") as AsyncIterable<string>) {
      text += chunk;
      if (text.length > maxAnswer) break;
    }
    return { status: answer.statusCode ?? 0, code: /<Code>([A-Za-z]{1,64})<\/Code>/.exec(text)?.[1] ?? "" };
  } finally {
    body?.destroy();
    sent.destroy();
  }
}
