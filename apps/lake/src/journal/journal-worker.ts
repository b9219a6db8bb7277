import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { openSqliteCatalog, type SqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { systemClock } from "../clock.ts";
import type { JournalBatch, JournalReply, JournalRequest, JournalWorkerData } from "./journal-message.ts";
import { RunPacker } from "./journal-run.ts";

// The thread that alone writes this process's journal: the lines, compression, fsync and waits for the write lock happen here.
const port = parentPort!;
const data: JournalWorkerData = workerData;
const { file, synchronous, backlogEveryMs, acknowledgeBeforeCommit } = data;
const answer = (reply: JournalReply): void => port.postMessage(reply);

/** Of the planted bug: between the answer and the commit. */
const plantedDelayMs = 100;

const packer = new RunPacker();
let catalog: SqliteCatalog | undefined;

async function open(): Promise<SqliteCatalog> {
  catalog ??= await openSqliteCatalog({ file, clock: systemClock, synchronous });
  return catalog;
}

async function append(batch: JournalBatch): Promise<void> {
  if (acknowledgeBeforeCommit) {
    answer({ kind: "committed", id: batch.id });
    // As long as a buffer that is synced by a timer would hold it.
    await setTimeout(plantedDelayMs);
  }
  try {
    const entries = batch.entries.map(({ storeId, runs }) => ({ storeId, ...packer.pack(runs) }));
    const { kind } = await (
      await open()
    ).append({ generation: batch.generation, entries, ingestion: batch.ingestion, createdAt: batch.createdAt });
    if (!acknowledgeBeforeCommit) answer({ kind, id: batch.id });
  } catch (error) {
    // An fsync that failed is never tried again on the same descriptor: the next batch opens the file anew.
    const failed = catalog;
    catalog = undefined;
    await failed?.close().catch(() => undefined);
    answer({ kind: "failed", id: batch.id, reason: reasonOf(error) });
  }
}

async function probe(id: number): Promise<void> {
  try {
    await (await open()).acquireLease("readiness", "serve", systemClock.monotonic(), 0);
    answer({ kind: "writable", id });
  } catch (error) {
    answer({ kind: "failed", id, reason: reasonOf(error) });
  }
}

async function reportLoad(): Promise<void> {
  try {
    const backlog = await (await open()).journalBacklog();
    const { bavail, bsize } = statfsSync(dirname(file));
    answer({
      kind: "backlog",
      bytes: sum(backlog.map(({ bytes }) => bytes)),
      events: sum(backlog.map(({ events }) => events)),
      freeBytes: bavail * bsize,
      oldest: backlog.length === 0 ? undefined : Math.min(...backlog.map(({ oldest }) => oldest)),
    });
  } catch {
    // The next append tells of it.
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

/** Work one after the other, in the order received. */
let last: Promise<void> = reportLoad();
const timer = setInterval(() => {
  last = last.then(reportLoad);
}, backlogEveryMs);

async function serve(request: JournalRequest): Promise<void> {
  if (request.kind === "append") {
    await append(request);
    return;
  }
  if (request.kind === "probe") {
    await probe(request.id);
    return;
  }
  clearInterval(timer);
  await catalog?.close();
  port.close();
}

port.on("message", (request: JournalRequest) => {
  last = last.then(() => serve(request));
});
