import type { Courier } from "../delivery/courier.ts";
import type { Parcel } from "../delivery/parcel.ts";
import type { SpooledFrame } from "../state/chunk-codec.ts";
import { type Cursor, type SpooledChunk, states, type StoredChunk } from "../state/store.ts";
import { isDiskFull } from "../state/disk-full.ts";
import { type IntegrationTracing, noTracing } from "../telemetry/integration-tracing.ts";
import { Admission, type Ref } from "./admission.ts";
import type { FlowOptions } from "./forward-options.ts";
import { Ledger } from "./ledger.ts";
import { LiveChunk } from "./live-chunk.ts";
import { MemoryShare } from "./memory-share.ts";
import { type ChunkToMap, type ReadyChunk, readyChunk, type ReadyMapping } from "./ready-chunk.ts";
import type { Recount } from "./recount.ts";

/** What may be sent again after a crash: so many requests, and those in flight. As many as a chunk makes: one commit for both. */
const receiptsPerCommit = 10;

/** So many mapped records are worth a commit of their own. */
const chunkRecords = 1000;
/** And so many bytes: a commit must fit into the room that is kept back on a full disk. */
const chunkBytes = 1_000_000;

/** Unsettled events in memory at most: reading waits for sending. */
const roomFor = 4000;

type NumberedChunk = ChunkToMap & Pick<SpooledChunk, "id" | "source" | "offsets">;

/**
 * The way of a chunk: spooled, committed, mapped, committed, sent, settled, committed. Each commit takes along all that is
 * pending, so a chunk costs about one: its own spooling commits the mapping of the one before it.
 */
export class ChunkFlow {
  readonly ledger: Ledger;
  readonly #options: FlowOptions;
  readonly #tracing: IntegrationTracing;
  readonly #admission: Admission;
  readonly #recount: Recount | undefined;
  readonly #onProgress: () => void;
  readonly #share: MemoryShare | undefined;
  readonly #mapping: ReadyMapping;
  #fatal: { readonly error: unknown } | undefined;
  /** Mapped; its events are sent once the next commit made them durable. */
  #waiting: LiveChunk[] = [];
  /** Their frames as they were stored. */
  #waitingBytes = 0;

  /** @param recount counts what passes once more; it remembers every chunk, which a run without an end must not */
  constructor(options: FlowOptions, accountId: string, onProgress: () => void, recount?: Recount) {
    const { adapter, store, clock, room } = options;
    this.#options = options;
    this.#onProgress = onProgress;
    const tracing = options.tracing ?? noTracing;
    this.#tracing = tracing;
    this.#recount = recount;
    this.#mapping = {
      adapter,
      accountId,
      options: options.adapterOptions,
      checkEvents: options.checkEvents ?? false,
      now: () => clock.now(),
      integration: store.integration,
      channelArn: options.channelArn,
    };
    this.ledger = new Ledger(
      store,
      () => clock.now(),
      () => this.#admission.committing(),
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
      ledger: this.ledger,
      resend: options.resend ?? false,
      around: (parcels, send) => tracing.send(new Set(parcels.map(({ ref }) => ref.chunk.id)), parcels.length, send),
      onSettled: () => this.#onSettled(),
    });
    this.#share = room && new MemoryShare(room);
    if (room !== undefined) void this.courier.stops().then(() => room.lookAgain());
  }

  get courier(): Courier<Parcel<Ref>> {
    return this.#admission.courier;
  }

  /** Whether the state itself failed: nothing can go on. */
  get failed(): boolean {
    return this.#fatal !== undefined;
  }

  /** Waits for memory, where flows share it, before a chunk is read from the state. Then comes {@link takeUp}, or {@link skip}. */
  async enter(): Promise<void> {
    if (this.#share === undefined) return;
    // What it holds is on its way before it waits: nothing else would make room.
    if (!this.#share.isRoom) await this.push();
    await this.#share.enter(() => this.#isOver);
  }

  /** There was no chunk after all. */
  skip(): void {
    this.#share?.skip();
  }

  /** A chunk of an earlier run: mapped now if that run did not come to it. */
  async takeUp(stored: StoredChunk): Promise<void> {
    this.#recount?.add(stored.id, stored.states);
    // Small chunks share a commit.
    const open = this.#waiting.reduce((sum, chunk) => sum + chunk.open, 0);
    if (open >= chunkRecords || this.#waitingBytes >= chunkBytes) await this.#commitAndAdmit();
    this.#waitingBytes += stored.frames.length;
    this.#map(stored);
    await this.#makeRoom();
  }

  /** A new chunk: it and its cursor are durable before the adapter sees it. Throws `STATE_DISK_FULL`; all else goes on. */
  async take(spooled: SpooledChunk, frames: readonly SpooledFrame[], cursor: Cursor): Promise<void> {
    this.#recount?.add(spooled.id, undefined);
    this.ledger.spool(spooled, cursor);
    await this.#commitAndAdmit();
    this.#map({ ...spooled, decoded: frames });
    await this.#makeRoom();
  }

  /** Its memory is others' from now on. */
  leave(): void {
    this.#share?.leave();
  }

  /** Sends what is there now, incomplete batches too, without waiting for answers. */
  async push(): Promise<void> {
    await this.#commitAndAdmit();
    this.courier.flush();
    // No answer will come that takes along what was delivered before and needed no request.
    if (this.courier.inFlight === 0) await this.#commitSettled();
  }

  /** Sends what is left and resolves when all is settled, or the courier stopped. */
  async drain(): Promise<void> {
    await this.#commitAndAdmit();
    await this.courier.drain();
    await this.commit();
  }

  async commit(): Promise<void> {
    if (this.#fatal !== undefined) throw this.#fatal.error;
    try {
      await this.#tracing.settle(this.ledger.receiptsPending, () => this.ledger.commit());
    } catch (error) {
      // New records were refused, and the rest is committed.
      if (!isDiskFull(error)) this.#fatal ??= { error };
      throw error;
    }
  }

  /** Whether what it holds stays: it stopped, or has only events left whose attempts are used up. */
  get #isOver(): boolean {
    const { stopped, counts, size } = this.courier;
    return stopped !== undefined || (counts.left > 0 && size === 0);
  }

  #map(chunk: NumberedChunk): void {
    this.#onMapped(
      chunk,
      this.#tracing.map(chunk.id, () => readyChunk(chunk, this.#mapping)),
    );
  }

  #onMapped(spooled: NumberedChunk, ready: ReadyChunk): void {
    const chunk = new LiveChunk(spooled.id, ready, spooled, spooled.states);
    if (ready.damage !== undefined)
      this.#options.onDamage?.({ ...spooled, lost: ready.damage === "lost" ? chunk.open : 0 });
    this.ledger.read(chunk.open);
    this.#waiting.push(chunk);
    this.#share?.hold(chunk);
    if (ready.results === undefined) return;
    for (const { record, result } of ready.noEvents)
      if (chunk.states[record] !== states.queued) continue;
      else if (result.kind === "refused") this.ledger.dead(chunk, record, result);
      else this.ledger.dropped(chunk, record, result.rule, this.#options.adapter.drops?.[result.rule] ?? "");
    for (const [kind, count] of ready.marks)
      this.ledger.marksByKind.set(kind, (this.ledger.marksByKind.get(kind) ?? 0) + count);
    this.ledger.mapped(chunk, ready.results, spooled.states !== undefined);
  }

  async #commitAndAdmit(): Promise<void> {
    const chunks = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    let refused: { readonly error: unknown } | undefined;
    try {
      await this.commit();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      refused = { error };
    }
    for (const chunk of chunks) if (this.courier.stopped === undefined) await this.#admission.admit(chunk);
    this.#share?.giveBack();
    this.#pauseIfHopeless();
    if (refused !== undefined) throw refused.error;
  }

  async #makeRoom(): Promise<void> {
    this.#pauseIfHopeless();
    this.#onProgress();
    await this.courier.room(roomFor);
    if (this.#fatal !== undefined) throw this.#fatal.error;
  }

  /** A wrong adapter, a wrong file, a channel that takes nothing: no use in filling the dead letters. */
  #pauseIfHopeless(): void {
    const limit = this.#options.pauseAfter ?? 1000;
    const { deadInARow, lastDeadCode } = this.ledger;
    if (limit === 0 || deadInARow < limit) return;
    const message = `The last ${deadInARow} records all died of ${lastDeadCode}. See tributary dlq ls; --pause-after 0 (limits.pauseAfter of run) goes on regardless.`;
    this.courier.stop({ kind: "paused", code: "PAUSED", message });
  }

  #onSettled(): void {
    this.#share?.giveBack();
    this.#pauseIfHopeless();
    if (this.#fatal !== undefined) return;
    if (this.ledger.receiptsPending < receiptsPerCommit && this.courier.inFlight > 0) return;
    void this.#commitSettled();
  }

  async #commitSettled(): Promise<void> {
    try {
      await this.commit();
    } catch (error) {
      // Kept in #fatal, and thrown where the run waits. A refusal of new records is told to who brought them.
      if (!isDiskFull(error))
        this.courier.stop({ kind: "unreachable", code: "STATE_FAILED", message: "The state could not be written." });
    }
    this.#onProgress();
  }
}
