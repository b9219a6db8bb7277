import { statSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { QueryRecord } from "../catalog/query-catalog.ts";
import type { Clock } from "../clock.ts";
import type { JournalBacklog } from "../journal/journal-writer.ts";
import { Histogram } from "./histogram.ts";
import type { MetricFamily, Sample } from "./prometheus-text.ts";
import { RequestCounts } from "./request-counts.ts";
import { residentBytes } from "./resident-bytes.ts";

/** What the metrics are read from when they are asked for. */
export interface MetricSources {
  readonly version: string;
  readonly catalogFile: string;
  readonly clock: Clock;
  readonly backlog: () => JournalBacklog;
  readonly activeQueries: () => Promise<readonly Pick<QueryRecord, "status">[]>;
  /** Running processes by what they do. */
  readonly processes: () => readonly { readonly process: string; readonly pid: number | undefined }[];
  readonly accessLogLost: () => number;
  readonly unready: () => Promise<readonly string[]>;
}

const works = { compacted: "compaction", merged: "merge", expired: "retention", published: "publication" } as const;
const prefix = "tributary_lake_";

/** Counts since the start, and what is now. No label names an account, a resource or a caller. */
export class LakeMetrics {
  readonly requests = new RequestCounts();
  readonly #commits = new Histogram([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
  readonly #work = new Map<string, number>(Object.values(works).map((work) => [work, 0]));
  readonly #failures = new Map<string, number>(Object.values(works).map((work) => [work, 0]));
  readonly #queries = new Map<string, number>();
  readonly #deaths = new Map<string, number>([
    ["care", 0],
    ["worker", 0],
  ]);
  #failedCommits = 0;

  commit({ seconds, committed }: { readonly seconds: number; readonly committed: boolean }): void {
    if (committed) this.#commits.observe(seconds);
    else this.#failedCommits += 1;
  }

  queryEnded(status: string): void {
    increase(this.#queries, status);
  }

  /** Reads what care has done out of the entries of the log. */
  logged({ event }: Readonly<Record<string, unknown>>): void {
    if (typeof event !== "string") return;
    const work = Object.entries(works).find(([name]) => name === event)?.[1];
    if (work !== undefined) increase(this.#work, work);
    else if (event.endsWith("-failed") && this.#failures.has(event.slice(0, -"-failed".length)))
      increase(this.#failures, event.slice(0, -"-failed".length));
    else if (event === "care-process-died") increase(this.#deaths, "care");
    else if (event === "worker-process-died") increase(this.#deaths, "worker");
  }

  async families(sources: MetricSources): Promise<readonly MetricFamily[]> {
    const { requests, accepted, refused, unknownKeys, expired } = this.requests.counts;
    const { bytes, events, oldest } = sources.backlog();
    const active = await sources.activeQueries();
    const unready = await sources.unready();
    const now = sources.clock.now();
    const directory = statfsSync(dirname(sources.catalogFile));
    return [
      gauge("build_info", "Version of the lake and of Node.", [
        { labels: { version: sources.version, node: process.version }, value: 1 },
      ]),
      gauge("ready", "Whether the lake is ready.", one(unready.length === 0 ? 1 : 0)),
      counter(
        "requests_total",
        "Requests answered, by operation and outcome.",
        Object.entries(requests).flatMap(([operation, outcomes]) =>
          Object.entries(outcomes).map(([outcome, value]) => ({ labels: { operation, outcome }, value })),
        ),
      ),
      counter("events_accepted_total", "Entries of PutAuditEvents that were acknowledged.", one(accepted)),
      counter("events_refused_total", "Entries of PutAuditEvents that were refused.", labelled("error_code", refused)),
      counter(
        "events_unknown_keys_total",
        "Entries that were acknowledged, with keys in eventData that the schema does not know.",
        one(unknownKeys),
      ),
      counter(
        "events_expired_total",
        "Entries that were acknowledged and not stored: older than any event data store of the channel keeps events.",
        one(expired),
      ),
      gauge("journal_bytes", "Compressed bytes that wait for compaction.", one(bytes)),
      gauge("journal_events", "Events that wait for compaction.", one(events)),
      gauge(
        "journal_oldest_age_seconds",
        "How long the oldest row of the journal has waited for compaction.",
        one(oldest === undefined ? 0 : Math.max(0, (now - oldest) / 1000)),
      ),
      { ...histogram("journal_commit_duration_seconds", "Time of a group commit."), samples: this.#commits.samples() },
      counter("journal_commit_failures_total", "Group commits that failed.", one(this.#failedCommits)),
      counter(
        "care_work_total",
        "Compactions, merges, retention drops and publications done.",
        labelled("work", this.#work),
      ),
      counter("care_failures_total", "Those that failed and are tried again.", labelled("work", this.#failures)),
      counter(
        "process_deaths_total",
        "Processes of the lake that died and were started again.",
        labelled("process", this.#deaths),
      ),
      gauge(
        "queries",
        "Queries that wait or run.",
        ["QUEUED", "RUNNING"].map((status) => ({
          labels: { status: status.toLowerCase() },
          value: active.filter((query) => query.status === status).length,
        })),
      ),
      counter("queries_ended_total", "Queries that ended, by status.", labelled("status", this.#queries)),
      gauge("wal_bytes", "Size of the catalog's write-ahead log.", one(sizeOf(`${sources.catalogFile}-wal`))),
      gauge("disk_free_bytes", "Room on the disk of the data directory.", one(directory.bavail * directory.bsize)),
      counter(
        "access_log_lost_total",
        "Lines of the access log that could not be written.",
        one(sources.accessLogLost()),
      ),
      gauge(
        "process_resident_memory_bytes",
        "Resident memory of each process of the lake.",
        memory(sources.processes()),
      ),
      gauge(
        "start_time_seconds",
        "When the lake was started, since 1970.",
        one(Math.round(now / 1000 - process.uptime())),
      ),
    ];
  }
}

function memory(processes: ReturnType<MetricSources["processes"]>): readonly Sample[] {
  return processes.flatMap(({ process: name, pid }) => {
    const value = residentBytes(pid);
    return value === undefined ? [] : [{ labels: { process: name }, value }];
  });
}

function gauge(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  return { name: prefix + name, type: "gauge", help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  return { name: prefix + name, type: "counter", help, samples };
}

function histogram(name: string, help: string): Omit<MetricFamily, "samples"> {
  return { name: prefix + name, type: "histogram", help };
}

function one(value: number): readonly Sample[] {
  return [{ value }];
}

function labelled(
  label: string,
  values: Readonly<Record<string, number>> | ReadonlyMap<string, number>,
): readonly Sample[] {
  const entries = values instanceof Map ? [...values] : Object.entries(values);
  return entries.map(([name, value]: [string, number]) => ({ labels: { [label]: name }, value }));
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
