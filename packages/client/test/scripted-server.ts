import { createServer, type IncomingHttpHeaders } from "node:http";

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What to do with a request: answer, cut the connection, or stay silent. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | "cut"
  | "silence";

export interface ScriptedServer {
  readonly endpoint: string;
  readonly requests: readonly Arrived[];
  /** Resolves when the next request is in. */
  arrival(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A real HTTP server that answers the n-th request with the n-th answer, the last one from then on. */
export async function scriptedServer(...script: readonly Answer[]): Promise<ScriptedServer> {
  const requests: Arrived[] = [];
  let waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const answer = script[Math.min(requests.length, script.length - 1)]!;
      const { method = "", url = "", headers } = request;
      requests.push({ method, url, headers, body: Buffer.concat(chunks) });
      for (const resolve of waiting) resolve();
      waiting = [];
      if (answer === "cut") request.socket.destroy();
      else if (answer !== "silence") response.writeHead(answer.status, { ...answer.headers }).end(answer.body ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    requests,
    arrival: async () => {
      await new Promise<void>((resolve) => void waiting.push(resolve));
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A success. */
export function ok(body: unknown = { successful: [], failed: [] }): Answer {
  return {
    status: 200,
    headers: { "content-type": "application/json", "x-amzn-requestid": "request-1" },
    body: JSON.stringify(body),
  };
}

/** An error as restJson1 writes it. Spec 1.4. */
export function refusal(status: number, name: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: {
      "content-type": "application/json",
      "x-amzn-errortype": name,
      "x-amzn-requestid": "request-1",
      ...headers,
    },
    body: JSON.stringify({ __type: name, message: `${name} it is.` }),
  };
}
