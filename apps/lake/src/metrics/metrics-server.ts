import { type ServerResponse, createServer } from "node:http";
import { listenFailed } from "../http/listen-failed.ts";
import type { LakeResponse } from "../http/lake-request.ts";
import { plain, readiness } from "../http/responder.ts";
import { type MetricFamily, prometheusMediaType, prometheusText } from "./prometheus-text.ts";

export interface MetricsServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly families: () => Promise<readonly MetricFamily[]>;
  readonly unready: () => Promise<readonly string[]>;
  readonly onFault: (error: unknown) => void;
}

/** Serves `/metrics`, `/healthz` and `/readyz` on an address of their own. Rejects when the address cannot be had. */
export async function serveMetrics(
  options: MetricsServerOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const answer = async (path: string): Promise<LakeResponse> => {
    if (path === "/healthz") return plain(200, "ok");
    if (path === "/readyz") return readiness(options.unready);
    if (path !== "/metrics") return plain(404, "There are /metrics, /healthz and /readyz.");
    const body = prometheusText(await options.families());
    return { status: 200, headers: { "content-type": prometheusMediaType, "cache-control": "no-store" }, body };
  };
  const server = createServer(
    { maxHeaderSize: 8192, headersTimeout: 5000, requestTimeout: 10_000 },
    (request, response) => {
      request.resume();
      const path = (request.url ?? "/").split("?", 1)[0]!;
      const answered =
        request.method === "GET" ? answer(path) : Promise.resolve(plain(405, "GET alone is answered here."));
      void send(
        response,
        answered.catch((error: unknown) => {
          options.onFault(error);
          return plain(500, "The metrics could not be read; the lake's log says why.");
        }),
      );
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(listenFailed(options.host, options.port, error)));
    server.listen(options.port, options.host, () => {
      server.removeAllListeners("error");
      resolve();
    });
  });
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the server has no address of a network");
  const { address, family, port } = bound;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function send(response: ServerResponse, answered: Promise<LakeResponse>): Promise<void> {
  const { status, headers, body } = await answered;
  response.on("error", () => undefined); // the client went away
  if (response.destroyed) return;
  response.writeHead(status, headers);
  response.end(body);
}
