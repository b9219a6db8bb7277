import { Agent, request } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { SignedRequest } from "./signed-requests.ts";

export interface Drive {
  readonly requests: number;
  readonly seconds: number;
  /** Of each request, ms, ascending. */
  readonly latencies: readonly number[];
  /** Status -> how often. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers of 200 with a failed entry. */
  readonly refusedEntries: number;
  /** Of a processor, of this process meanwhile. */
  readonly cpuSeconds: number;
}

/**
 * Sends all requests over `connections` kept-alive connections, each the next as soon as its last is answered, but no more than
 * `rate` a second and none after `seconds`.
 */
export async function drive(
  url: string,
  requests: readonly SignedRequest[],
  connections: number,
  { rate = Infinity, seconds: limit = Infinity }: { readonly rate?: number; readonly seconds?: number } = {},
): Promise<Drive> {
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
  const cpu = process.cpuUsage();
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < requests.length && elapsed() < limit) {
        const at = next++;
        const early = at / rate - elapsed();
        if (early > 0.001) await wait(1000 * early);
        await send(requests[at]!);
      }
    }),
  );
  const seconds = elapsed();
  const { user, system } = process.cpuUsage(cpu);
  agent.destroy();
  return {
    requests: latencies.length,
    seconds,
    latencies: latencies.toSorted((a, b) => a - b),
    statuses,
    refusedEntries,
    cpuSeconds: (user + system) / 1e6,
  };
}
