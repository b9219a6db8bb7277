import { Agent, request } from "node:http";
import type { SignedRequest } from "./signed-requests.ts";

export interface Drive {
  readonly requests: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  /** Status -> how often. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly refusedEntries: number;
}

/** Sends all requests over `connections` kept-alive connections, each the next as soon as its last is answered. */
export async function drive(url: string, requests: readonly SignedRequest[], connections: number): Promise<Drive> {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  let refusedEntries = 0;
  let next = 0;
  const send = (one: SignedRequest) =>
    new Promise<void>((resolve, reject) => {
      const began = performance.now();
      const sent = request(
        { hostname, port, method: "POST", path: one.path, headers: one.headers, agent },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("end", () => {
            latencies.push(performance.now() - began);
            const status = String(response.statusCode);
            statuses[status] = (statuses[status] ?? 0) + 1;
            const text = Buffer.concat(chunks).toString("utf8");
            if (status === "200" && !text.includes('"failed":[]')) refusedEntries++;
            resolve();
          });
          response.on("error", reject);
        },
      );
      sent.on("error", reject);
      sent.end(one.body);
    });
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < requests.length) await send(requests[next++]!);
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!;
  return { requests: requests.length, seconds, p50: at(0.5), p99: at(0.99), statuses, refusedEntries };
}
