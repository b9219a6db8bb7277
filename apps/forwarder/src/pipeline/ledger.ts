import type { Receipt } from "../delivery/courier.ts";
import { isDiskFull } from "../state/disk-full.ts";
import { compressOriginal } from "../state/chunk-codec.ts";
import type { ReadAgain } from "../state/end-anew.ts";
import { secondsOf } from "../state/sent-key.ts";
import {
  type Changes,
  type Cursor,
  type ReceiptRow,
  type SpooledChunk,
  type State,
  states,
  type Store,
} from "../state/store.ts";
import { exceptionRow, type Reason } from "./exception-row.ts";
import type { LiveChunk } from "./live-chunk.ts";
import { emptyTally, type Tally } from "./tally.ts";

const tallyOf: Record<Exclude<State, "queued">, keyof Tally> = {
  delivered: "delivered",
  already: "alreadyDelivered",
  changed: "changed",
  dead: "dead",
  dropped: "dropped",
};

type Lists = Omit<
  Changes,
  "at" | "overlong" | "overlongDone" | "places" | "polled" | "replays" | "requeued" | "spoiled" | "backfill"
>;
type Pending = { -readonly [K in keyof Lists]-?: NonNullable<Lists[K]>[number][] };

/**
 * What happened since the last commit, and the tally. Nothing here waits: what is not committed when the process dies
 * is done again by the next run, with the same ids and bytes.
 */
export class Ledger {
  readonly tally: Tally = emptyTally();
  readonly deadByCode = new Map<string, number>();
  readonly droppedByRule = new Map<string, number>();
  /** Values of this run's events that were masked, cut, or kept as digits, by the mark's kind. */
  readonly marksByKind = new Map<string, number>();
  /** Dead for one and the same cause, without another outcome between. */
  deadInARow = 0;
  lastDeadCode = "";
  /** The newest eventTime of what was delivered, now or before; seconds since 1970, 0 for none. */
  newestDelivered = 0;
  readonly #store: Store;
  readonly #now: () => number;
  readonly #onCommit: () => () => void;
  #pending = emptyPending();
  #dirty = new Set<LiveChunk>();
  #overlongDone: number | undefined;
  /** The commit that is being written, and the one that waits for it. */
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  /** @param onCommit when a commit begins; what it answers is called once all that was settled by then is in the store */
  constructor(store: Store, now: () => number, onCommit: () => () => void) {
    this.#store = store;
    this.#now = now;
    this.#onCommit = onCommit;
  }

  get receiptsPending(): number {
    return this.#pending.receipts.length;
  }

  spool(chunk: SpooledChunk, cursor: Cursor): void {
    this.#pending.spool.push(chunk);
    this.#pending.cursors.push(cursor);
  }

  /** Frames of a chunk that are longer than the limit: where the rest of them is. */
  overlong(
    chunk: number,
    frames: readonly { readonly frame: number; readonly from: number; readonly end: number }[],
    position: number,
  ): void {
    for (const frame of frames) this.#pending.overlongOf.push({ chunk, ...frame });
    this.#overlongDone = position;
  }

  /** What its records ended as in an earlier reading is replaced. */
  readAgain(again: ReadAgain): void {
    this.#pending.readAgain.push(again);
  }

  cursor(cursor: Cursor): void {
    this.#pending.cursors.push(cursor);
  }

  /** The chunk's events become durable with the next commit, and only then may be sent. @param again they were before */
  mapped(chunk: LiveChunk, results: Uint8Array, again: boolean): void {
    this.#pending.mapped.push({ chunk: chunk.id, results, states: chunk.states, open: chunk.open, again });
  }

  /** Counts records as read; they are queued until {@link settle} says otherwise. */
  read(records: number): void {
    this.tally.read += records;
    this.tally.queued += records;
  }

  settle(chunk: LiveChunk, record: number, state: Exclude<State, "queued">): void {
    if (chunk.states[record] !== states.queued)
      throw new Error(`Record ${record} of chunk ${chunk.id} is settled twice.`);
    chunk.states[record] = states[state];
    chunk.open--;
    this.tally.queued--;
    this.tally[tallyOf[state]]++;
    this.#dirty.add(chunk);
    if (state !== "dead" && state !== "dropped") this.deadInARow = 0;
  }

  /** Remembers what was sent under a key, by the request of the last {@link receipt}. */
  sent(key: Uint8Array, sha: Uint8Array): void {
    this.#pending.sent.push({ key, sha, receipt: this.#pending.receipts.length - 1 });
    this.newestDelivered = Math.max(this.newestDelivered, secondsOf(key));
  }

  /** Delivered by an earlier run or request. */
  already(chunk: LiveChunk, record: number, key: Uint8Array): void {
    this.settle(chunk, record, "already");
    this.#pending.met.push(key);
    this.newestDelivered = Math.max(this.newestDelivered, secondsOf(key));
  }

  /** @param requests that carried it */
  dead(chunk: LiveChunk, record: number, reason: Reason, requests = 0): void {
    this.settle(chunk, record, "dead");
    this.#pending.exceptions.push(exceptionRow(chunk, record, "dead", reason, { requests, at: this.#now() }));
    const {
      number: frame,
      isDamaged,
      frame: { bytes, offset, occurrence, about, again },
    } = chunk.original(record);
    // Parts of one frame die one after the other: its bytes are kept once.
    const last = this.#pending.originals.at(-1);
    if (last?.chunk !== chunk.id || last.frame !== frame)
      this.#pending.originals.push({
        chunk: chunk.id,
        frame,
        offset,
        occurrence,
        about,
        bytes: compressOriginal(bytes),
      });
    this.deadByCode.set(reason.code, (this.deadByCode.get(reason.code) ?? 0) + 1);
    // A dead letter that dies again says nothing about what comes in, and neither does a damaged chunk.
    if (again !== undefined || isDamaged) return;
    this.deadInARow = reason.code === this.lastDeadCode ? this.deadInARow + 1 : 1;
    this.lastDeadCode = reason.code;
  }

  dropped(chunk: LiveChunk, record: number, rule: string, why: string): void {
    this.settle(chunk, record, "dropped");
    const reason = { code: rule, message: why };
    this.#pending.exceptions.push(exceptionRow(chunk, record, "dropped", reason, { requests: 0, at: this.#now() }));
    this.droppedByRule.set(rule, (this.droppedByRule.get(rule) ?? 0) + 1);
  }

  receipt(receipt: Receipt): void {
    const row: ReceiptRow = { ...receipt, at: this.#now() };
    this.#pending.receipts.push(row);
  }

  /**
   * Resolves once everything up to this call is durable. One transaction at a time, and none after one that failed: it would
   * tell of records whose end was lost with the other.
   */
  commit(): Promise<void> {
    this.#next ??= this.#writing.then(() => {
      this.#next = undefined;
      const written = this.#write();
      // A refusal of new records is no failure: what was settled is written.
      this.#writing = written.catch((error: unknown) => {
        if (!isDiskFull(error)) throw error;
      });
      this.#writing.catch(() => undefined);
      return written;
    });
    return this.#next;
  }

  async #write(): Promise<void> {
    const changes = this.#pending;
    // As they are now: they go on changing while they are written.
    const progress = [...this.#dirty].map(({ id, states: now, open }) => ({
      chunk: id,
      states: Uint8Array.from(now),
      open,
    }));
    if (progress.length === 0 && Object.values(changes).every((list) => list.length === 0)) return;
    const mapped = changes.mapped.map((one) => ({ ...one, states: Uint8Array.from(one.states) }));
    this.#pending = emptyPending();
    this.#dirty = new Set();
    const overlong = this.#overlongDone === undefined ? {} : { overlongDone: this.#overlongDone };
    this.#overlongDone = undefined;
    const committed = this.#onCommit();
    const all = { ...changes, mapped, progress, at: this.#now(), ...overlong };
    try {
      await this.#store.commit(all);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      // Refused for its new records alone: what is settled needs no room, and gives some back.
      const { spool: _, cursors: __, overlongOf: ___, overlongDone: ____, ...settled } = all;
      await this.#store.commit(settled);
      committed();
      throw error;
    }
    committed();
  }
}

function emptyPending(): Pending {
  return {
    spool: [],
    cursors: [],
    mapped: [],
    progress: [],
    sent: [],
    met: [],
    receipts: [],
    exceptions: [],
    originals: [],
    overlongOf: [],
    readAgain: [],
  };
}
