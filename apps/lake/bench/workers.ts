import { readFileSync } from "node:fs";
import { BenchLake } from "./bench-lake.ts";
import type { Drive } from "./drive.ts";
import { assertAccepted, connections, eventRate, perRequest, startSeconds } from "./ingest.ts";
import { markdownTable } from "./markdown-table.ts";
import { percentile, Writers } from "./run-writers.ts";
import { median, spreadText } from "./spread.ts";

const writers = 2;
/** Of the kernel's accounts of processor time, a second. */
const ticks = 100;

interface Run {
  readonly drive: Drive;
  /** Processor time for an event, in microseconds: of the first process, which holds the journal's thread, and of its workers. */
  readonly first: number;
  readonly workers: number;
}

/** PutAuditEvents with 1, 2 and 4 ingest processes, and where the processor time goes. Linux. */
export async function workers({
  runs,
  requests,
}: {
  readonly runs: number;
  readonly requests: number;
}): Promise<string> {
  const counts = [1, 2, 4];
  const all = new Map<number, Run[]>(counts.map((count) => [count, []]));
  for (let round = 0; round < runs; round++)
    for (const count of round % 2 === 0 ? counts : counts.toReversed())
      all.get(count)!.push(await runWith(count, requests));
  const single = all.get(1)!;
  const rows = [
    ["workers", "events/s", "of those of 1", "p99", "first process, µs an event", "workers, µs an event"],
    ...[...all].map(([count, done]) => [
      String(count),
      spreadText(done.map(({ drive }) => eventRate(drive))),
      spreadText(
        done.map(({ drive }, round) => eventRate(drive) / eventRate(single[round]!.drive)),
        2,
      ),
      `${median(done.map(({ drive }) => percentile(drive, 0.99))).toFixed(0)} ms`,
      spreadText(
        done.map(({ first }) => first),
        1,
      ),
      spreadText(
        done.map((one) => one.workers),
        1,
      ),
    ]),
  ];
  return `${runs} rounds of ${requests} requests of ${perRequest} events, ${writers} writers of ${connections} connections.\n\n${markdownTable(rows)}`;
}

async function runWith(count: number, requests: number): Promise<Run> {
  const lake = new BenchLake();
  try {
    await lake.start(["--workers", String(count)]);
    const { channelArn } = await lake.newStore("bench");
    const task = { target: lake.target(channelArn), perRequest, startSeconds, connections };
    await (await Writers.ready([{ ...task, requests: 60, first: 0 }])).go();
    const each = Math.ceil(requests / writers);
    const ready = await Writers.ready(
      Array.from({ length: writers }, (_, n) => ({ ...task, requests: each, first: 10_000 + n * each * perRequest })),
    );
    const pids = workersOf(lake.pid);
    const cpu = (): readonly number[] => [lake.pid, ...pids].map(processorSeconds);
    const before = cpu();
    const drive = assertAccepted(await ready.go());
    const [first = 0, ...rest] = cpu().map((seconds, at) => seconds - before[at]!);
    const perEvent = (seconds: number): number => (seconds * 1e6) / (drive.requests * perRequest);
    return { drive, first: perEvent(first), workers: perEvent(rest.reduce((sum, one) => sum + one, 0)) };
  } finally {
    await lake.remove();
  }
}

function workersOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
  return children.filter((child) => readFileSync(`/proc/${child}/cmdline`, "utf8").includes("worker-main"));
}

/** All threads, in the program and in the kernel. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}
