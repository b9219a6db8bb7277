import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { builtInName } from "../adapters/load-adapter.ts";
import type { ChunkMapper } from "./chunk-mapper.ts";
import type { MappingAnswer, MappingRequest, ThreadMapping } from "./mapping-message.ts";
import { type ChunkToMap, type ReadyChunk, readyChunk, type ReadyMapping } from "./ready-chunk.ts";

export interface MappingPoolOptions {
  /** Threads at most; default: 1 where there is a second processor. */
  readonly threads?: number | undefined;
  /** Compressed bytes that make a chunk worth its way to a thread and back. */
  readonly smallest?: number | undefined;
  /** So many such chunks are mapped here before a thread is started: most commands end before one would be of use. */
  readonly startAfter?: number | undefined;
}

/** Chunks with a thread at once: one in work, and the one that it goes on with. */
const perThread = 2;

/** A thread without work so long, ms, is ended: it takes some 40 MB. */
const idleMs = 60_000;

/** Threads that ended by themselves, after which no other is started. */
const failuresMost = 3;

/** MB: what is alive at once is a chunk or two. */
const resourceLimits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 512 };

/**
 * Maps chunks on threads beside the main one, where the adapter is one of ours, which a thread can load by its name. What the
 * threads have no room for is mapped here, so that neither waits for the other; and so is whatever a thread fails at.
 */
export class MappingPool {
  readonly #most: number;
  readonly #smallest: number;
  #startAfter: number;
  readonly #threads: Thread[] = [];
  #failures = 0;
  #isClosed = false;

  constructor(options: MappingPoolOptions = {}) {
    this.#most = options.threads ?? (availableParallelism() > 1 ? 1 : 0);
    this.#smallest = options.smallest ?? 4096;
    this.#startAfter = options.startAfter ?? 4;
  }

  /** A mapper of one flow. */
  mapper(mapping: ReadyMapping): ChunkMapper {
    const here = (chunk: ChunkToMap) => readyChunk(chunk, mapping);
    const name = builtInName(mapping.adapter);
    if (name === undefined || this.#most === 0) return { map: here };
    const { accountId, options, integration, channelArn } = mapping;
    const known: ThreadMapping = { adapter: name, accountId, options, integration, channelArn };
    const text = JSON.stringify(known);
    return {
      map: (chunk) => {
        const thread = chunk.frames.length < this.#smallest ? undefined : this.#free();
        return thread === undefined ? here(chunk) : thread.map(text, chunk).catch(() => here(chunk));
      },
    };
  }

  /** Ends the threads; what they have in work is mapped here. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  #free(): Thread | undefined {
    const [first] = this.#threads.toSorted((a, b) => a.jobs - b.jobs);
    if (first !== undefined && first.jobs < perThread) return first;
    if (this.#startAfter > 0) this.#startAfter--;
    else if (this.#threads.length < this.#most && this.#failures < failuresMost && !this.#isClosed) this.#start();
    // It is asked from the next chunk on: until it is up, this one is mapped.
    return undefined;
  }

  #start(): void {
    const thread = new Thread((hasFailed) => {
      this.#threads.splice(this.#threads.indexOf(thread), 1);
      if (hasFailed) this.#failures++;
    });
    this.#threads.push(thread);
  }
}

interface Job {
  readonly resolve: (ready: ReadyChunk) => void;
  readonly reject: (why: unknown) => void;
}

class Thread {
  readonly #worker: Worker;
  readonly #onEnd: (hasFailed: boolean) => void;
  readonly #jobs = new Map<number, Job>();
  readonly #idle: NodeJS.Timeout;
  #number = 0;
  #isOver = false;

  /** @param onEnd called once; told whether it ended by itself */
  constructor(onEnd: (hasFailed: boolean) => void) {
    this.#onEnd = onEnd;
    // As this file is: compiled, or a test's source.
    const entry = new URL(`./mapping-worker${extname(import.meta.url)}`, import.meta.url);
    this.#worker = new Worker(entry, { name: "mapping", resourceLimits });
    this.#worker.unref();
    this.#idle = setTimeout(() => void this.end(), idleMs).unref();
    this.#worker.on("message", (answer: MappingAnswer) => this.#onAnswer(answer));
    this.#worker.on("error", (error) => this.#over(error, true));
    this.#worker.on("exit", () => this.#over(new Error("The thread has ended."), true));
  }

  get jobs(): number {
    return this.#jobs.size;
  }

  map(mapping: string, { format, receivedAt, frames, count, results, states }: ChunkToMap): Promise<ReadyChunk> {
    this.#idle.refresh();
    // In memory of their own: a view takes all of its buffer along.
    const own = new Uint8Array(frames);
    const number = ++this.#number;
    const request: MappingRequest = {
      number,
      mapping,
      chunk: { format, receivedAt, frames: own, count, results, states },
    };
    return new Promise((resolve, reject) => {
      this.#jobs.set(number, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage(request, [own.buffer]);
    });
  }

  async end(): Promise<void> {
    this.#over(new Error("The thread was ended."), false);
    await this.#worker.terminate();
  }

  #onAnswer(answer: MappingAnswer): void {
    const job = this.#jobs.get(answer.number);
    this.#jobs.delete(answer.number);
    // While it has nothing to do, it keeps no process alive.
    if (this.#jobs.size === 0) this.#worker.unref();
    if ("error" in answer) job?.reject(new Error(answer.error));
    else job?.resolve(answer.ready);
  }

  #over(why: unknown, hasFailed: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#idle);
    this.#onEnd(hasFailed);
    for (const job of this.#jobs.values()) job.reject(why);
    this.#jobs.clear();
  }
}
