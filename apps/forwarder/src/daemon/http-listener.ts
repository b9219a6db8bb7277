import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { TributaryError } from "@tributary/schema";
import { nodeHttp } from "../network/node-http.ts";
import type { ListenConfig } from "../config/config-schema.ts";
import { readBody, type BodyRoom } from "./read-body.ts";
import type { HttpAnswer, HttpReceiver } from "./http-answer.ts";

/** What the listener asks of the daemon, at each request: a reload changes the answers. */
export interface Routes {
  receiver(path: string): HttpReceiver | undefined;
  metrics(): Promise<string>;
  /** Whether all is up and intake goes on. */
  isReady(): boolean;
  /** Longest body of a webhook. */
  bodyBytes(): number;
}

export interface Listener {
  /** Where it listens: `http://127.0.0.1:8322`. */
  readonly url: string;
  /** Ends connections that do nothing, and waits for those at work until the signal aborts. */
  close(signal: AbortSignal): Promise<void>;
}

const bodiesInHand = 4;

/** Listens for webhooks, and for /metrics, /healthz and /readyz there or at an address of their own. Throws `LISTEN_FAILED`. */
export async function httpListener(config: ListenConfig, routes: Routes): Promise<Listener> {
  const room: BodyRoom = {
    inHand: 0,
    get most() {
      return bodiesInHand * routes.bodyBytes();
    },
  };
  const { tls, operations } = config;
  const scheme = tls === undefined ? "http" : "https";
  const world = { scheme, routes, room, operations: operations === undefined };
  const onRequest: RequestListener = (request, response) => void respond(request, response, answered(request, world));
  const server = tls
    ? createTlsServer({ ...limits, cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, onRequest)
    : nodeHttp.createServer(limits, onRequest);
  const port = await listening(server, config.host, config.port);
  const servers: Server[] = [server];
  if (operations !== undefined) {
    const second = nodeHttp.createServer(limits, (request, response) => {
      const apart = { ...world, routes: { ...routes, receiver: () => undefined }, operations: true };
      void respond(request, response, answered(request, apart));
    });
    try {
      await listening(second, operations.host, operations.port);
    } catch (error) {
      server.close();
      throw error;
    }
    servers.push(second);
  }
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  return {
    url: `${scheme}://${host}:${port}`,
    async close(signal) {
      await Promise.all(servers.map((one) => closed(one, signal)));
    },
  };
}

const limits = { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 30_000, maxHeaderSize: 32_768 };

interface World {
  readonly scheme: string;
  readonly routes: Routes;
  readonly room: BodyRoom;
  readonly operations: boolean;
}

async function answered(request: IncomingMessage, { scheme, routes, room, operations }: World): Promise<HttpAnswer> {
  const path = pathOf(request);
  const receiver = routes.receiver(path);
  if (receiver === undefined) return (operations ? await operation(path, routes) : undefined) ?? notFound;
  if (!routes.isReady()) return { status: 503, headers: { "retry-after": "30" }, body: "Not now.\n" };
  let url: URL;
  const headers = new Headers();
  try {
    url = new URL(`${scheme}://${request.headers.host ?? "localhost"}${request.url ?? "/"}`);
    for (let at = 0; at + 1 < request.rawHeaders.length; at += 2)
      headers.append(request.rawHeaders[at]!, request.rawHeaders[at + 1]!);
  } catch {
    return { status: 400, body: "" };
  }
  const method = request.method ?? "GET";
  const early = await receiver.before({ method, url, headers });
  if (early !== undefined) return early;
  const body = await readBody(request, routes.bodyBytes(), room);
  if (body === 503) return { status: 503, headers: { "retry-after": "5" }, body: "Not now.\n" };
  if (typeof body === "number") return { status: body, body: body === 413 ? "The body is too long.\n" : "" };
  return receiver.receive({ method, url, headers, body }, routes.bodyBytes());
}

/** Whatever goes wrong within, such as a state that cannot be read, ends one request and not the process. */
async function respond(request: IncomingMessage, response: ServerResponse, answer: Promise<HttpAnswer>): Promise<void> {
  try {
    write(response, request, await answer);
  } catch {
    if (response.headersSent) request.destroy();
    else write(response, request, { status: 503, body: "Not now.\n" });
  }
}

async function operation(path: string, routes: Routes): Promise<HttpAnswer | undefined> {
  if (path === "/metrics")
    return { status: 200, headers: { "content-type": "text/plain; version=0.0.4" }, body: await routes.metrics() };
  if (path === "/healthz") return { status: 200, body: "ok\n" };
  if (path === "/readyz") return routes.isReady() ? { status: 200, body: "ready\n" } : { status: 503, body: "no\n" };
  return undefined;
}

const notFound: HttpAnswer = { status: 404, body: "There is nothing here.\n" };

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?")[0] ?? "/";
}

function write(response: ServerResponse, request: IncomingMessage, { status, headers, body = "" }: HttpAnswer): void {
  // A body that was not read must not be taken for the next request.
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    ...headers,
  });
  response.end(body, () => {
    if (!request.complete) request.destroy();
  });
}

function listening(server: Server, host: string, port: number): Promise<number> {
  server.maxConnections = 1024;
  return new Promise((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new TributaryError(`${host}:${port} cannot be listened on: ${cause.message}. Choose another in listen.`, {
          code: "LISTEN_FAILED",
          cause,
        }),
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function closed(server: Server, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    const now = () => server.closeAllConnections();
    if (signal.aborted) now();
    signal.addEventListener("abort", now, { once: true });
  });
}
