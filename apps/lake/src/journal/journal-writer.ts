import { Worker } from "node:worker_threads";
import { TributaryError } from "@tributary/schema";
import type { IngestionStatusRecord } from "../catalog/control-catalog.ts";
import type { Clock } from "../clock.ts";
import type { JournalBatch, JournalLoad, JournalReply, JournalRequest, JournalWorkerData } from "./journal-message.ts";
import type { JournalRun } from "./journal-run.ts";
import { type JournalVerdict, journalVerdict } from "./journal-verdict.ts";

export interface JournalWriterOptions {
  /** The catalog's database file. */
  readonly file: string;
  readonly clock: Clock;
  readonly synchronous?: "FULL" | "OFF" | undefined;
  /** Compaction's rate in events a second, for the rule of two minutes of work. */
  readonly compactionRate?: number | undefined;
  readonly backlogEveryMs?: number | undefined;
  /** Told of each group commit: from its hand-over to the thread to its answer. */
  readonly observe?: ((commit: { readonly seconds: number; readonly committed: boolean }) => void) | undefined;
  /** Only for fault tests, which must fail with it: requests are answered before their events are committed. */
  readonly acknowledgeBeforeCommit?: boolean | undefined;
}

export interface JournalRequestEvents {
  /** Of the control state that the request was authorised against. */
  readonly generation: number;
  /** The events, by the ENABLED stores they go to. */
  readonly runs: readonly { readonly storeIds: readonly string[]; readonly run: JournalRun }[];
  readonly ingestion?: { readonly channelArn: string; readonly status: IngestionStatusRecord } | undefined;
}

export interface JournalBacklog extends JournalLoad {
  readonly verdict: JournalVerdict;
}

interface Waiting {
  readonly request: JournalRequestEvents;
  readonly events: number;
  readonly size: number;
  readonly resolve: (outcome: "committed" | "moved") => void;
  readonly reject: (error: Error) => void;
}

/** Bounds of one group commit, so that a burst does not hold the write lock long. */
const batchLimits = { events: 20_000, characters: 32 * 1024 ** 2 };
/** Of a line, beside eventdata; about. */
const memberCharacters = 256;
/** Characters that may wait in this process before it throttles. */
const queueLimit = 128 * 1024 ** 2;

/**
 * Group commit. Requests that arrive while a commit is under way are packed into the next one, a row per store; all of them are
 * answered when it is on stable storage. A worker thread with a connection of its own does the writing.
 */
export class JournalWriter {
  readonly #options: JournalWriterOptions;
  readonly #flying = new Map<number, { readonly batch: readonly Waiting[]; readonly began: number }>();
  readonly #probes = new Map<number, (writable: boolean) => void>();
  #queue: Waiting[] = [];
  #queued = 0;
  #worker: Worker | undefined;
  #load: JournalLoad = { bytes: 0, events: 0, freeBytes: Number.POSITIVE_INFINITY };
  #nextId = 1;
  #closed: Promise<void> | undefined;
  #idle: (() => void) | undefined;

  constructor(options: JournalWriterOptions) {
    this.#options = options;
    this.#start();
  }

  /**
   * Resolves with `committed` when every event is durable, or with `moved` when the control state is a later one than `generation`:
   * nothing was written, authorise again. Rejects with `JOURNAL_FAILED` (retryable): nothing was acknowledged.
   */
  append(request: JournalRequestEvents): Promise<"committed" | "moved"> {
    if (this.#closed !== undefined) return Promise.reject(journalFailed("the server is stopping"));
    return new Promise((resolve, reject) => {
      let events = 0;
      let size = 0;
      for (const { run, storeIds } of request.runs) {
        events += run.eventids.length;
        for (const { length } of run.eventdatas) size += (length + memberCharacters) * storeIds.length;
      }
      this.#queue.push({ request, events, size, resolve, reject });
      this.#queued += size;
      this.#flush();
    });
  }

  /** Whether to take more. Looked at before a request is accepted; half a second old at most. */
  backlog(): JournalBacklog {
    const { bytes, events, freeBytes, oldest } = this.#load;
    const waiting = journalVerdict(this.#load, this.#options.compactionRate);
    const verdict = waiting === "accept" && this.#queued > queueLimit ? "throttle" : waiting;
    return { bytes, events, freeBytes, oldest, verdict };
  }

  /** Whether the thread lives and can write the catalog: it tries. False after `withinMs`. */
  writable(withinMs = 2000): Promise<boolean> {
    if (this.#closed !== undefined) return Promise.resolve(false);
    return new Promise((resolve) => {
      const id = this.#nextId++;
      const settle = (writable: boolean): void => {
        clearTimeout(timer);
        this.#probes.delete(id);
        resolve(writable);
      };
      const timer = setTimeout(() => settle(false), withinMs);
      this.#probes.set(id, settle);
      send(this.#worker ?? this.#start(), { kind: "probe", id });
    });
  }

  /** Commits what waits, then ends the thread. */
  close(): Promise<void> {
    this.#closed ??= this.#drain();
    return this.#closed;
  }

  async #drain(): Promise<void> {
    if (this.#queue.length > 0 || this.#flying.size > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined) return;
    const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    send(worker, { kind: "close" });
    await exited;
  }

  #start(): Worker {
    const { file, synchronous, acknowledgeBeforeCommit, backlogEveryMs } = this.#options;
    const data: JournalWorkerData = {
      file,
      synchronous: synchronous ?? "FULL",
      backlogEveryMs: backlogEveryMs ?? 500,
      acknowledgeBeforeCommit: acknowledgeBeforeCommit ?? false,
    };
    const worker = new Worker(
      new URL(import.meta.url.endsWith(".ts") ? "./journal-worker.ts" : "./journal-worker.js", import.meta.url),
      // What it allocates dies with the batch: a larger young generation makes it no faster.
      { workerData: data, resourceLimits: { maxYoungGenerationSizeMb: 24 } },
    );
    worker.on("message", (reply: JournalReply) => this.#settle(reply));
    worker.on("error", (error) => this.#lost(worker, error));
    worker.on("exit", () => this.#lost(worker, new Error("the journal's thread ended")));
    this.#worker = worker;
    return worker;
  }

  /**
   * What arrives during a commit waits for the next one, all of it: fewer and larger commits. Only when more than one batch waits is a
   * second one under way, so that the thread need not wait for it.
   */
  #flush(): void {
    while (
      this.#queue.length > 0 &&
      (this.#flying.size === 0 || (this.#flying.size === 1 && this.#queued > batchLimits.characters))
    ) {
      // The newest generation alone can still be the catalog's; a request authorised against an older one must authorise again.
      const generation = this.#queue.reduce((newest, { request }) => Math.max(newest, request.generation), 0);
      const batch = this.#takeBatch(generation);
      if (batch.length === 0) continue;
      const id = this.#nextId++;
      this.#flying.set(id, { batch, began: this.#options.clock.monotonic() });
      send(this.#worker ?? this.#start(), packBatch(id, generation, batch, this.#options.clock.now()));
    }
    if (this.#queue.length === 0 && this.#flying.size === 0) this.#idle?.();
  }

  #takeBatch(generation: number): Waiting[] {
    const batch: Waiting[] = [];
    let taken = 0;
    let events = 0;
    let characters = 0;
    for (const waiting of this.#queue) {
      if (
        taken > 0 &&
        (events + waiting.events > batchLimits.events || characters + waiting.size > batchLimits.characters)
      )
        break;
      taken += 1;
      this.#queued -= waiting.size;
      if (waiting.request.generation !== generation) {
        waiting.resolve("moved");
        continue;
      }
      events += waiting.events;
      characters += waiting.size;
      batch.push(waiting);
    }
    this.#queue = this.#queue.slice(taken);
    return batch;
  }

  #settle(reply: JournalReply): void {
    if (reply.kind === "backlog") {
      const { bytes, events, freeBytes, oldest } = reply;
      this.#load = { bytes, events, freeBytes, oldest };
      return;
    }
    const probe = this.#probes.get(reply.id);
    if (reply.kind === "writable" || probe !== undefined) return probe?.(reply.kind === "writable");
    const { batch, began } = this.#flying.get(reply.id) ?? { batch: [], began: 0 };
    this.#flying.delete(reply.id);
    if (reply.kind !== "moved")
      this.#options.observe?.({
        seconds: (this.#options.clock.monotonic() - began) / 1000,
        committed: reply.kind === "committed",
      });
    for (const { resolve, reject } of batch) {
      if (reply.kind === "failed") reject(journalFailed(reply.reason));
      else resolve(reply.kind);
    }
    this.#flush();
  }

  /** A thread that died answers nothing: its batches fail, unacknowledged, and the next append starts another. */
  #lost(worker: Worker, cause: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const batches = [...this.#flying.values()].map(({ batch }) => batch);
    this.#flying.clear();
    for (const { reject } of batches.flat()) reject(journalFailed(cause.message, cause));
    this.#flush();
  }
}

function send(worker: Worker, request: JournalRequest): void {
  // The rule means a window's postMessage; a thread's has no origin.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  worker.postMessage(request);
}

function packBatch(id: number, generation: number, batch: readonly Waiting[], createdAt: number): JournalBatch {
  const stores = new Map<string, JournalRun[]>();
  const channels = new Map<string, IngestionStatusRecord>();
  for (const { request } of batch) {
    for (const { storeIds, run } of request.runs) {
      for (const storeId of storeIds) {
        const runs = stores.get(storeId);
        if (runs === undefined) stores.set(storeId, [run]);
        else runs.push(run);
      }
    }
    if (request.ingestion === undefined) continue;
    const { channelArn, status } = request.ingestion;
    const before = channels.get(channelArn);
    channels.set(
      channelArn,
      status.successTime === undefined
        ? { ...status, successTime: before?.successTime, successEventId: before?.successEventId }
        : status,
    );
  }
  return {
    kind: "append",
    id,
    generation,
    entries: [...stores].map(([storeId, runs]) => ({ storeId, runs })),
    ingestion: [...channels].map(([channelArn, status]) => ({ channelArn, status })),
    createdAt,
  };
}

function journalFailed(reason: string, cause?: unknown): TributaryError {
  return new TributaryError(`The journal could not be written (${reason}); nothing was acknowledged, send it again.`, {
    code: "JOURNAL_FAILED",
    retryable: true,
    cause,
  });
}
