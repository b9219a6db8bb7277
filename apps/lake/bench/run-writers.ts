import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Drive } from "./drive.ts";
import type { WriterTask } from "./writer.ts";

const entry = fileURLToPath(new URL("./writer.ts", import.meta.url));

/** Writers that have signed all their requests and wait for the word. */
export class Writers {
  readonly #children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.#children = children;
  }

  static async ready(tasks: readonly WriterTask[]): Promise<Writers> {
    const children = tasks.map((task) => fork(entry, [JSON.stringify(task)], { serialization: "advanced" }));
    await Promise.all(children.map((child) => once(child, "message")));
    return new Writers(children);
  }

  /** All of them at once, and what they saw together. */
  async go(): Promise<Drive> {
    const results = this.#children.map(async (child): Promise<Drive> => {
      const [drive] = (await once(child, "message")) as [Drive];
      return drive;
    });
    const began = performance.now();
    for (const child of this.#children) child.send("go");
    const drives = await Promise.all(results);
    const seconds = (performance.now() - began) / 1000;
    const statuses: Record<string, number> = {};
    for (const one of drives)
      for (const [status, count] of Object.entries(one.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
    return {
      requests: drives.reduce((sum, one) => sum + one.requests, 0),
      seconds,
      latencies: drives.flatMap((one) => one.latencies).toSorted((a, b) => a - b),
      statuses,
      refusedEntries: drives.reduce((sum, one) => sum + one.refusedEntries, 0),
      cpuSeconds: drives.reduce((sum, one) => sum + one.cpuSeconds, 0),
    };
  }
}

/** A latency that this share of all stays under. */
export function percentile({ latencies }: Drive, part: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))]!;
}
