import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Exchange, WireAnswer, WireRequest } from "./wire-request.ts";

/**
 * Carries requests to a server by HTTP or HTTPS, each on a connection of its own.
 * @param endpoint for instance `http://127.0.0.1:4570`
 * @param patienceMs longest silence of the server
 */
export function httpExchange(endpoint: string, patienceMs = 60_000): Exchange {
  const { protocol, hostname, port } = new URL(endpoint);
  const open = protocol === "https:" ? httpsRequest : httpRequest;
  return ({ method, target, headers, body }: WireRequest) =>
    new Promise<WireAnswer>((resolve, reject) => {
      const request = open(
        {
          hostname: hostname.replaceAll(/^\[|\]$/g, ""),
          port: port === "" ? undefined : Number(port),
          method,
          path: target,
          headers: headers.flat(),
          setDefaultHeaders: false,
          agent: false,
          timeout: patienceMs,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const { statusCode = 0, headers: given } = response;
            const named = Object.entries(given).map(([name, value]) => [name, String(value)] as const);
            resolve({ status: statusCode, headers: new Map(named), body: Buffer.concat(chunks) });
          });
        },
      );
      request.on("timeout", () => request.destroy(new Error(`No answer within ${patienceMs / 1000} s`)));
      request.on("error", reject);
      request.end(body);
    });
}
