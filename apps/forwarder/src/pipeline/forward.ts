import { defaultMaxFrameBytes } from "@tributary/adapter-kit";
import { parseCloudTrailArn, TributaryError } from "@tributary/schema";
import type { Input } from "../input/input.ts";
import type { Cursor } from "../state/store.ts";
import { ChunkFlow } from "./chunk-flow.ts";
import type { ForwardOptions } from "./forward-options.ts";
import { openInput } from "./open-input.ts";
import { readInput } from "./read-input.ts";
import { Recount } from "./recount.ts";
import { requeue } from "./requeue.ts";
import { type InputReport, summarise, type Summary } from "./summary.ts";

/**
 * Forwards what an earlier run left queued, then the inputs, to one channel. Answers with where every record is; throws
 * only for what makes the state itself unusable (a full disk, a bug). Whenever the process ends, the next run goes on.
 */
export async function forward(options: ForwardOptions): Promise<Summary> {
  const run = new ForwardRun(options);
  try {
    return await run.go();
  } finally {
    await run.end();
  }
}

/** Numbers of chunks in memory at once: a queue may have millions. */
const window = 100;

class ForwardRun {
  readonly #options: ForwardOptions;
  readonly #flow: ChunkFlow;
  readonly #recount: Recount;
  readonly #startedAt: number;
  readonly #reports: InputReport[] = [];
  /** Inputs read to their end. */
  readonly #finished: Cursor[] = [];
  #input = "";
  readonly #interrupt = () =>
    this.#flow.courier.stop({ kind: "interrupted", code: "INTERRUPTED", message: "Stopped by a signal." });

  constructor(options: ForwardOptions) {
    const arn = parseCloudTrailArn(options.channelArn);
    if (arn?.type !== "channel")
      throw new TributaryError(
        `${options.channelArn} is not the ARN of a channel (arn:aws:cloudtrail:REGION:ACCOUNT:channel/ID).`,
        { code: "CHANNEL_ARN_INVALID" },
      );
    this.#options = options;
    this.#startedAt = options.clock.now();
    this.#recount = new Recount(options.store);
    this.#flow = new ChunkFlow(options, arn.accountId, () => this.#progress(), this.#recount);
    options.signal?.addEventListener("abort", this.#interrupt, { once: true });
    if (options.signal?.aborted === true) this.#interrupt();
  }

  async go(): Promise<Summary> {
    const { adapter, store, inputs, clock, maxFrameBytes = defaultMaxFrameBytes } = this.#options;
    const { ledger, courier } = this.#flow;
    while ((await requeue(store, adapter, maxFrameBytes)) > 0);
    let last = 0;
    for (let ids = await store.openChunks(last, window); ids.length > 0; ids = await store.openChunks(last, window))
      for (const id of ids) {
        last = id;
        const stored = await store.chunk(id);
        if (stored !== undefined) await this.#flow.takeUp(stored);
      }
    const resumed = ledger.tally.read;
    for (const input of inputs) {
      this.#input = input.name;
      await this.#forwardInput(input);
    }
    await this.#flow.drain();
    // Until all is settled, the same command goes on at the end of its inputs instead of reading them again.
    if (ledger.tally.queued === 0) for (const cursor of this.#finished) ledger.cursor(cursor);
    await this.#flow.commit();
    this.#progress();
    return summarise({
      ledger,
      recounted: await this.#recount.count(),
      requests: courier.counts,
      resumed,
      inputs: this.#reports,
      stopped: courier.stopped,
      milliseconds: clock.now() - this.#startedAt,
    });
  }

  /** Leaves no request open, whatever happened. */
  async end(): Promise<void> {
    this.#options.signal?.removeEventListener("abort", this.#interrupt);
    this.#interrupt();
    await this.#flow.courier.drain();
  }

  async #forwardInput(input: Input): Promise<void> {
    const { adapter, format: named } = this.#options;
    const { ledger, courier } = this.#flow;
    if (courier.stopped !== undefined && input.rereadable) {
      this.#reports.push({ name: input.name, records: 0, complete: false });
      return;
    }
    const before = ledger.tally.read;
    let format: string | undefined;
    let complete = false;
    let error: string | undefined;
    try {
      const opened = await openInput(input, adapter, named);
      format = opened.format;
      complete = format === undefined || (await this.#readInput(input, format, opened.bytes));
    } catch (problem) {
      if (this.#flow.failed || !isInputError(problem)) throw problem;
      error = problem.message;
    }
    this.#reports.push({ name: input.name, format, records: ledger.tally.read - before, complete, error });
  }

  /** Whether the input was read to its end. */
  async #readInput(input: Input, format: string, first: AsyncIterable<Uint8Array>): Promise<boolean> {
    const { ledger, courier } = this.#flow;
    const end = await readInput(input, { format, bytes: first }, this.#options, async (chunk) => {
      const { spooled, frames, cursor, overlong, readAgain } = chunk;
      if (readAgain !== undefined) ledger.readAgain(readAgain);
      if (overlong !== undefined) ledger.overlong(spooled.id, overlong, cursor.position);
      await this.#flow.take(spooled, frames, cursor);
      return courier.stopped === undefined || !input.rereadable;
    });
    if (end === undefined) return false;
    if (end.readAgain !== undefined) {
      ledger.readAgain(end.readAgain);
      ledger.cursor(end.cursor);
    }
    this.#finished.push({ ...end.cursor, done: true });
    return true;
  }

  #progress(): void {
    this.#options.onProgress?.(this.#flow.ledger.tally, this.#input);
  }
}

/** What is wrong with one input and stops no other: its data, or the file system's answer. Anything else is a bug. */
function isInputError(problem: unknown): problem is Error {
  if (problem instanceof TributaryError) return true;
  return problem instanceof Error && "code" in problem && /^E[A-Z]+$/.test(String(problem.code));
}
