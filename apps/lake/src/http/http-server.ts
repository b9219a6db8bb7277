import { randomUUID } from "node:crypto";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { Server as TlsServer, createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { BodyBudget } from "./body-budget.ts";
import type { TlsFiles } from "../serve/check-tls.ts";
import type { LakeRequest, LakeResponse, RequestHead } from "./lake-request.ts";
import { listenFailed } from "./listen-failed.ts";
import { readBody } from "./read-body.ts";

/** What the server calls for each request. */
export interface Routes {
  /** The answer to a probe, which needs nothing of the request but its head; undefined for every other request. */
  probe(head: RequestHead): Promise<LakeResponse> | undefined;
  /** Whether the body may be held in memory: of a request that nobody known can have signed it is read, but not held. */
  admits(head: RequestHead): Promise<boolean>;
  /** Never rejects because of the request. */
  respond(request: LakeRequest): Promise<LakeResponse>;
  /** The answer to a request whose body could not be read. */
  refuse(head: RequestHead, error: unknown): Promise<LakeResponse>;
}

export interface HttpServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly tls?: TlsFiles | undefined;
  /** Of one request, before and after inflating. Default 8 MiB. */
  readonly maxBodyBytes?: number;
  /** Of all requests in progress, a quarter of it of one peer. Default 256 MiB. */
  readonly maxHeldBytes?: number;
  /** Lets other processes listen on the same port; the kernel spreads connections over them. Linux. */
  readonly reusePort?: boolean;
  /** Told of faults of the server that no answer tells of. */
  readonly onFault: (error: unknown, requestId: string) => void;
}

export const defaultMaxBodyBytes = 8 * 1024 * 1024;
export const defaultMaxHeldBytes = 256 * 1024 * 1024;

/** A listening server. */
export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** New connections are made with it; those there are go on. */
  renewTls(tls: TlsFiles): void;
  /** Takes no more requests, finishes what is in flight for at most `graceMs`, then closes every connection. */
  close(graceMs: number): Promise<void>;
}

/** Starts to listen. Every answer carries `x-amzn-RequestId`. Rejects when the address cannot be had. */
export async function listen(routes: Routes, options: HttpServerOptions): Promise<HttpServer> {
  const budget = new BodyBudget(options.maxHeldBytes ?? defaultMaxHeldBytes);
  const maxBodyBytes = options.maxBodyBytes ?? defaultMaxBodyBytes;
  let closing = false;

  const answerTo = async (request: IncomingMessage, head: RequestHead, rawQuery: string): Promise<LakeResponse> => {
    // Nobody listens for the body meanwhile; it waits in the socket, and a client that goes away has closed it.
    const hold = await routes.admits(head);
    let body: Awaited<ReturnType<typeof readBody>>;
    try {
      body = await readBody(request, { maxBytes: maxBodyBytes, budget, peer: head.sourceIp, hold });
    } catch (error) {
      return routes.refuse(head, error);
    }
    try {
      return await routes.respond({
        ...head,
        rawQuery,
        rawHeaders: request.rawHeaders,
        body: body.bytes,
        bodySha256: body.sha256,
        bodyDiscarded: !hold,
        secure: options.tls !== undefined,
      });
    } finally {
      body.release();
    }
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = randomUUID();
    const target = request.url ?? "/";
    const at = target.indexOf("?");
    const rawPath = at < 0 ? target : target.slice(0, at);
    const head: RequestHead = {
      requestId,
      method: request.method ?? "",
      rawPath,
      headers: request.headers,
      sourceIp: request.socket.remoteAddress?.replace(/^::ffff:/, "") ?? "",
    };
    const result = await (routes.probe(head) ?? answerTo(request, head, at < 0 ? "" : target.slice(at + 1)));
    if (response.destroyed) return;
    response.writeHead(result.status, {
      ...result.headers,
      "x-amzn-RequestId": requestId,
      "content-length": Buffer.byteLength(result.body, "utf8"),
      ...(closing ? { connection: "close" } : {}),
    });
    // A string goes out in one piece with the head.
    if (request.method === "HEAD") response.end();
    else response.end(result.body, "utf8");
  };

  const connections = new Map<Socket, { inFlight: number; settledBytes: number }>();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    const connection = connections.get(socket);
    if (connection) connection.inFlight += 1;
    response.once("close", () => {
      if (!connection) return;
      connection.inFlight -= 1;
      connection.settledBytes = socket.bytesRead;
      if (closing && connection.inFlight === 0) socket.end();
    });
    response.on("error", () => undefined); // the client went away
    answer(request, response).catch((error: unknown) => {
      options.onFault(error, "");
      response.destroy();
    });
  };
  const settings = {
    requireHostHeader: false, // the signature covers the host: without one it is refused, with a request id
    handshakeTimeout: 10_000,
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 16_384,
  };
  const server: Server = options.tls
    ? createTlsServer({ ...settings, cert: options.tls.cert, key: options.tls.key }, listener)
    : createServer(settings, listener);
  server.on(options.tls ? "secureConnection" : "connection", (socket: Socket) => {
    connections.set(socket, { inFlight: 0, settledBytes: socket.bytesRead });
    socket.once("close", () => connections.delete(socket));
  });
  server.on("checkExpectation", listener);
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === "ECONNRESET" || !socket.writable) socket.destroy();
    else {
      socket.end(unreadable(error.code));
      // No timeout of the server is about it any more; destroyed at once, the answer might not arrive.
      const cut = setTimeout(() => socket.destroy(), 1000);
      socket.once("close", () => clearTimeout(cut));
    }
  });
  await new Promise<void>((resolve, reject) => {
    const { port, host, reusePort = false } = options;
    server.once("error", (error) => reject(listenFailed(host, port, error)));
    server.listen({ port, host, reusePort }, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the server has no address of a network");
  const { address, port, family } = bound;
  return {
    port,
    url: `${options.tls ? "https" : "http"}://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    renewTls: ({ cert, key }) => {
      if (server instanceof TlsServer) server.setSecureContext({ cert, key });
    },
    close: async (graceMs) => {
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Node counts a connection that has not sent anything as busy.
      for (const [socket, { inFlight, settledBytes }] of connections)
        if (inFlight === 0 && socket.bytesRead === settledBytes) socket.destroy();
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

/** The answer to what is no HTTP request, too long a head, or too slow a one. */
function unreadable(code: string | undefined): string {
  const [status, message] =
    code === "HPE_HEADER_OVERFLOW"
      ? ["431 Request Header Fields Too Large", "The request's headers are too long."]
      : code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? ["408 Request Timeout", "The request did not arrive in time."]
        : ["400 Bad Request", "This is not an HTTP request that can be read."];
  const body = JSON.stringify({ __type: "SerializationException", message });
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nx-amzn-ErrorType: SerializationException\r\nx-amzn-RequestId: ${randomUUID()}\r\n\r\n${body}`;
}
