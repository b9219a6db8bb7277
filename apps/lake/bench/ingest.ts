import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { accountId, BenchLake } from "./bench-lake.ts";
import type { Drive } from "./drive.ts";
import { markdownTable } from "./markdown-table.ts";
import { percentile, Writers } from "./run-writers.ts";
import type { Target } from "./signed-requests.ts";
import { median, spreadText } from "./spread.ts";
import { startServer } from "./start-server.ts";

export const perRequest = 100;
/** Of one writer. */
export const connections = 8;
export const startSeconds = Math.floor(Date.now() / 1000) - 86_400;

/** A server that takes PutAuditEvents, alone on a fresh directory. */
interface Subject {
  readonly target: Target;
  stop(): Promise<void>;
}

async function bare(script: "floor" | "sink"): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-bench-"));
  const server = await startServer(fileURLToPath(new URL(`./${script}.mjs`, import.meta.url)), [folder]);
  const target = {
    url: server.url,
    region: "us-east-1",
    channelArn: `arn:aws:cloudtrail:us-east-1:${accountId}:channel/bench`,
    accountId,
    accessKeyId: "AKIDBENCH",
    secretAccessKey: "bench",
  };
  return {
    target,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function lake(): Promise<Subject> {
  const started = new BenchLake();
  await started.start();
  const { channelArn } = await started.newStore("bench");
  return { target: started.target(channelArn), stop: () => started.remove() };
}

export const eventRate = ({ requests, seconds }: Drive): number => (requests * perRequest) / seconds;

/** Throws unless every request was answered 200 with no failed entry. */
export function assertAccepted(drive: Drive): Drive {
  if (drive.statuses["200"] !== drive.requests || drive.refusedEntries > 0)
    throw new Error(
      `refused: ${JSON.stringify(drive.statuses)}, ${drive.refusedEntries} answers with failed entries of ${drive.requests}`,
    );
  return drive;
}

const p99 = (all: readonly Drive[]): string => `${median(all.map((one) => percentile(one, 0.99))).toFixed(0)} ms`;

async function run(open: () => Promise<Subject>, writers: number, requests: number): Promise<Drive> {
  const subject = await open();
  try {
    const each = Math.ceil(requests / writers);
    const task = { target: subject.target, perRequest, startSeconds, connections };
    const warm = await Writers.ready([{ ...task, requests: 30, first: 0 }]);
    await warm.go();
    const ready = await Writers.ready(
      Array.from({ length: writers }, (_, n) => ({ ...task, requests: each, first: 10_000 + n * each * perRequest })),
    );
    return assertAccepted(await ready.go());
  } finally {
    await subject.stop();
  }
}

/**
 * PutAuditEvents through HTTP with 1, 2 and 4 writers, against the bare floor of the same rounds. A run is too short for a
 * compaction to begin: what the lake takes while it compacts is in the bench `load`.
 */
export async function ingest({
  runs,
  requests,
}: {
  readonly runs: number;
  readonly requests: number;
}): Promise<string> {
  const rows: string[][] = [["writers", "floor, events/s", "lake, events/s", "lake / floor", "floor p99", "lake p99"]];
  for (const writers of [1, 2, 4]) {
    const drives: { floor: Drive[]; lake: Drive[] } = { floor: [], lake: [] };
    for (let round = 0; round < runs; round++) {
      const order = ["floor", "lake"] as const;
      for (const name of round % 2 === 0 ? order : order.toReversed())
        drives[name].push(await run(name === "lake" ? lake : () => bare("floor"), writers, requests));
    }
    const ratios = drives.lake.map((one, round) => eventRate(one) / eventRate(drives.floor[round]!));
    rows.push([
      String(writers),
      spreadText(drives.floor.map(eventRate)),
      spreadText(drives.lake.map(eventRate)),
      spreadText(ratios, 2),
      p99(drives.floor),
      p99(drives.lake),
    ]);
  }
  return `${runs} rounds of ${requests} requests of ${perRequest} events, ${connections} connections a writer.\n\n${markdownTable(rows)}`;
}

/** The writers alone, against a server that only reads: shows that they are not the limit. */
export async function driver({
  runs,
  requests,
}: {
  readonly runs: number;
  readonly requests: number;
}): Promise<string> {
  const rows: string[][] = [["writers", "events/s, nothing behind"]];
  for (const writers of [1, 2, 4]) {
    const drives: Drive[] = [];
    for (let round = 0; round < runs; round++) drives.push(await run(() => bare("sink"), writers, requests));
    rows.push([String(writers), spreadText(drives.map(eventRate))]);
  }
  return markdownTable(rows);
}
