import type { Adapter, Json } from "@tributary/adapter-kit";
import { parseCloudTrailArn, TributaryError } from "@tributary/schema";
import type { BackOff } from "../delivery/back-off.ts";
import type { BatchLimits } from "../delivery/batcher.ts";
import type { Stop } from "../delivery/classify-failure.ts";
import type { Clock } from "../delivery/clock.ts";
import type { Sender } from "../delivery/sender.ts";
import { decompress } from "../input/decompress.ts";
import type { Input } from "../input/input.ts";
import { decodeFrames, decodeResults, encodeFrames, encodeResults, type SpooledFrame } from "../state/chunk-codec.ts";
import type { Cursor, Store } from "../state/store.ts";
import { Admission } from "./admission.ts";
import { Ledger } from "./ledger.ts";
import { countQueued, type LiveChunk } from "./live-chunk.ts";
import { mapChunk, type Mapping } from "./map-chunk.ts";
import { openInput } from "./open-input.ts";
import { readChunks } from "./read-chunks.ts";
import { Recount } from "./recount.ts";
import { type InputReport, summarise, type Summary } from "./summary.ts";
import type { Tally } from "./tally.ts";

export interface ForwardOptions {
  readonly adapter: Adapter;
  readonly channelArn: string;
  readonly externalId?: string | undefined;
  readonly store: Store & { readonly integration: number };
  readonly sender: Sender;
  readonly inputs: readonly Input[];
  readonly clock: Clock;
  /** Uniform in [0, 1); jitter of retries. */
  readonly random: () => number;
  /** A format of the adapter; told by each input's first bytes when left out. */
  readonly format?: string | undefined;
  readonly adapterOptions?: Json | undefined;
  /** For adapters that are not our own. */
  readonly checkEvents?: boolean | undefined;
  readonly resend?: boolean | undefined;
  readonly backOff?: BackOff | undefined;
  readonly limits?: BatchLimits | undefined;
  /** Requests in flight, 4 by default. */
  readonly concurrency?: number | undefined;
  /** Stop after so many dead records in a row with one code, 1,000 by default; 0 never. */
  readonly pauseAfter?: number | undefined;
  /** Called often, with the live counts. */
  readonly onProgress?: ((tally: Readonly<Tally>, input: string) => void) | undefined;
  /** Aborting stops the intake, lets open requests end, and keeps the rest queued. */
  readonly signal?: AbortSignal | undefined;
}

/** What may be sent again after a crash: so many requests, and those in flight. */
const receiptsPerCommit = 4;

/** Unsettled events in memory at most: reading waits for sending. */
const roomFor = 4000;

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

class ForwardRun {
  readonly #options: ForwardOptions;
  readonly #mapping: Mapping;
  readonly #ledger: Ledger;
  readonly #admission: Admission;
  readonly #recount: Recount;
  readonly #startedAt: number;
  readonly #reports: InputReport[] = [];
  /** Inputs read to their end. */
  readonly #finished: Cursor[] = [];
  #resumed = 0;
  #fatal: { readonly error: unknown } | undefined;
  #input = "";
  /** Mapped; its events are sent once the next commit made them durable. */
  #waiting: LiveChunk | undefined;
  readonly #interrupt = () => this.#stop({ kind: "interrupted", code: "INTERRUPTED", message: "Stopped by a signal." });

  constructor(options: ForwardOptions) {
    const arn = parseCloudTrailArn(options.channelArn);
    if (arn?.type !== "channel")
      throw new TributaryError(
        `${options.channelArn} is not the ARN of a channel (arn:aws:cloudtrail:REGION:ACCOUNT:channel/ID).`,
        { code: "CHANNEL_ARN_INVALID" },
      );
    const { adapter, store, clock } = options;
    this.#options = options;
    this.#startedAt = clock.now();
    this.#recount = new Recount(store);
    this.#mapping = {
      adapter,
      accountId: arn.accountId,
      options: options.adapterOptions,
      checkEvents: options.checkEvents ?? false,
      now: () => clock.now(),
    };
    this.#ledger = new Ledger(
      store,
      () => clock.now(),
      () => this.#admission.committed(),
    );
    this.#admission = new Admission({
      store,
      sender: options.sender,
      channelArn: options.channelArn,
      externalId: options.externalId,
      clock,
      random: options.random,
      backOff: options.backOff,
      limits: options.limits,
      concurrency: options.concurrency,
      integration: store.integration,
      ledger: this.#ledger,
      resend: options.resend ?? false,
      onSettled: () => this.#onSettled(),
    });
    options.signal?.addEventListener("abort", this.#interrupt, { once: true });
    if (options.signal?.aborted === true) this.#interrupt();
  }

  get #courier() {
    return this.#admission.courier;
  }

  async go(): Promise<Summary> {
    for (const id of this.#options.store.openChunks()) await this.#takeUp(id);
    for (const input of this.#options.inputs) {
      this.#input = input.name;
      await this.#forwardInput(input);
    }
    this.#commit();
    this.#admitWaiting();
    await this.#courier.drain();
    // Until all is settled, the same command goes on at the end of its inputs instead of reading them again.
    if (this.#ledger.tally.queued === 0) for (const cursor of this.#finished) this.#ledger.cursor(cursor);
    this.#commit();
    this.#progress();
    const { counts, stopped } = this.#courier;
    return summarise({
      ledger: this.#ledger,
      recounted: this.#recount.count(),
      requests: counts,
      resumed: this.#resumed,
      inputs: this.#reports,
      stopped,
      milliseconds: this.#options.clock.now() - this.#startedAt,
    });
  }

  /** Leaves no request open, whatever happened. */
  async end(): Promise<void> {
    this.#options.signal?.removeEventListener("abort", this.#interrupt);
    this.#interrupt();
    await this.#courier.drain();
  }

  #stop(reason: Stop): void {
    this.#courier.stop(reason);
  }

  /** A chunk of an earlier run: mapped now if that run did not come to it. */
  async #takeUp(id: number): Promise<void> {
    const stored = this.#options.store.chunk(id);
    if (stored === undefined) return;
    this.#recount.add(id, stored.states);
    const before = this.#ledger.tally.read;
    const frames = decodeFrames(stored.frames);
    if (stored.results === undefined || stored.states === undefined) {
      this.#map({ id, frames, format: stored.format, receivedAt: stored.receivedAt });
    } else {
      const chunk = {
        id,
        frames,
        records: decodeResults(stored.results),
        states: Uint8Array.from(stored.states),
        open: countQueued(stored.states),
      };
      this.#ledger.read(chunk.open);
      this.#commit();
      this.#admitWaiting();
      this.#waiting = chunk;
    }
    this.#resumed += this.#ledger.tally.read - before;
    await this.#makeRoom();
  }

  async #forwardInput(input: Input): Promise<void> {
    if (this.#courier.stopped !== undefined && input.rereadable) {
      this.#reports.push({ name: input.name, records: 0, complete: false });
      return;
    }
    const before = this.#ledger.tally.read;
    let format: string | undefined;
    let complete = false;
    let error: string | undefined;
    try {
      const opened = await openInput(input, this.#options.adapter, this.#options.format);
      format = opened.format;
      complete = format === undefined || (await this.#readInput(input, format, opened.bytes));
    } catch (problem) {
      if (this.#fatal !== undefined) throw problem;
      error = problem instanceof Error ? problem.message : String(problem);
    }
    this.#reports.push({ name: input.name, format, records: this.#ledger.tally.read - before, complete, error });
  }

  /** Whether the input was read to its end. */
  async #readInput(input: Input, format: string, first: AsyncIterable<Uint8Array>): Promise<boolean> {
    const { adapter, store, clock } = this.#options;
    const known = store.cursor(input.source);
    const receivedAt = known?.receivedAt ?? new Date(clock.now()).toISOString();
    const cursor = known === undefined || known.done || !input.rereadable ? undefined : known;
    let opened = false;
    const open = () => {
      if (opened) return decompress(input.open());
      opened = true;
      return first;
    };
    let last: Pick<Cursor, "position" | "digest"> = cursor ?? { position: 0, digest: new Uint8Array() };
    for await (const { frames, position, digest } of readChunks(open, { adapter, format, cursor })) {
      const id = store.nextChunk();
      last = { position, digest };
      const spooled = { id, source: input.source, format, receivedAt, frames: encodeFrames(frames) };
      this.#ledger.spool(spooled, { source: input.source, position, digest, receivedAt, done: false });
      this.#recount.add(id, undefined);
      this.#map({ id, frames, format, receivedAt });
      await this.#makeRoom();
      if (this.#courier.stopped !== undefined && input.rereadable) return false;
    }
    this.#finished.push({ source: input.source, ...last, receivedAt, done: true });
    return true;
  }

  /** Commits the chunk itself first (origin and bytes are durable before the adapter runs), with all that is pending. */
  #map(spooled: {
    readonly id: number;
    readonly frames: readonly SpooledFrame[];
    readonly format: string;
    readonly receivedAt: string;
  }): void {
    this.#commit();
    this.#admitWaiting();
    const { id, frames, format, receivedAt } = spooled;
    const records = mapChunk(frames, format, receivedAt, this.#mapping);
    const chunk: LiveChunk = { id, frames, records, states: new Uint8Array(records.length), open: records.length };
    this.#ledger.read(records.length);
    for (const [record, { result }] of records.entries()) {
      if (result.kind === "refused") this.#ledger.dead(chunk, record, result);
      else if (result.kind === "dropped")
        this.#ledger.dropped(chunk, record, result.rule, this.#options.adapter.drops?.[result.rule] ?? "");
    }
    this.#ledger.mapped(chunk, encodeResults(records));
    this.#waiting = chunk;
  }

  #admitWaiting(): void {
    const chunk = this.#waiting;
    this.#waiting = undefined;
    if (chunk === undefined || this.#courier.stopped !== undefined) return;
    this.#admission.admit(chunk);
    this.#pauseIfHopeless();
  }

  async #makeRoom(): Promise<void> {
    this.#pauseIfHopeless();
    this.#progress();
    await this.#courier.room(roomFor);
    if (this.#fatal !== undefined) throw this.#fatal.error;
  }

  /** A wrong adapter, a wrong file, a channel that takes nothing: no use in filling the dead letters. */
  #pauseIfHopeless(): void {
    const limit = this.#options.pauseAfter ?? 1000;
    if (limit === 0 || this.#ledger.deadInARow < limit) return;
    const message = `The last ${this.#ledger.deadInARow} records all died of ${this.#ledger.lastDeadCode}. See tributary dlq ls; --pause-after 0 goes on regardless.`;
    this.#stop({ kind: "paused", code: "PAUSED", message });
  }

  #onSettled(): void {
    this.#pauseIfHopeless();
    if (this.#fatal !== undefined || (this.#ledger.receiptsPending < receiptsPerCommit && this.#courier.inFlight > 0))
      return;
    try {
      this.#commit();
    } catch (error) {
      this.#fatal = { error };
      this.#stop({ kind: "unreachable", code: "STATE_FAILED", message: "The state file could not be written." });
    }
    this.#progress();
  }

  #commit(): void {
    if (this.#fatal !== undefined) throw this.#fatal.error;
    try {
      this.#ledger.commit();
    } catch (error) {
      this.#fatal = { error };
      throw error;
    }
  }

  #progress(): void {
    this.#options.onProgress?.(this.#ledger.tally, this.#input);
  }
}
