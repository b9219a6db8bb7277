import type { FrameOrigin, SpooledFrame } from "../state/chunk-codec.ts";
import type { Clock } from "../delivery/clock.ts";
import type { Intake } from "../daemon/intake.ts";
import { untilAborted } from "../daemon/until-aborted.ts";
import { RecentOccurrences } from "./recent-occurrences.ts";

/** Where the messages of an integration go while it runs. */
export interface SinkTarget {
  readonly intake: Intake;
  /** Format of the adapter that the frames have. */
  readonly format: string;
  readonly countsOccurrences: boolean;
  /** Told of a state that could not be written, and of messages that were dropped. */
  readonly onFault: (error: unknown) => void;
}

/** A message on its way to the state. */
export interface SyslogFrame {
  readonly bytes: Uint8Array;
  readonly tooLong: boolean;
  readonly about: FrameOrigin;
}

const gatherMs = 5;
const mostFrames = 20_000;
const mostBytes = 4_000_000;
const longestWaitMs = 30_000;

/**
 * Gathers an integration's messages for a few ms and writes them in one commit. What cannot be written stays in memory and is tried
 * again, and above the integration's watermark nothing is written. At 4 MB or 20,000 messages it is full: connections wait, datagrams
 * are dropped.
 */
export class SyslogSink {
  readonly counts = { stored: 0, droppedDatagrams: 0 };
  readonly #clock: Clock;
  readonly #occurrences = new RecentOccurrences();
  readonly #waiting = new Set<() => void>();
  #target: SinkTarget | undefined;
  #pending: SpooledFrame[] = [];
  #bytes = 0;
  #sequence = 0;
  #writing: Promise<void> | undefined;
  #cancelGather: (() => void) | undefined;
  #failures = 0;
  /** The watermark is not waited for any more. */
  #hurry = new AbortController();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isFull(): boolean {
    return this.#pending.length >= mostFrames || this.#bytes >= mostBytes;
  }

  /** Takes a message, also when it is full: who asks {@link isFull} first keeps memory bounded. */
  add({ bytes, tooLong, about }: SyslogFrame): void {
    const counts = this.#target?.countsOccurrences !== false && !tooLong;
    const occurrence = counts
      ? this.#occurrences.count(about.peer ?? "", about.payload === undefined ? bytes : bytes.subarray(about.payload))
      : 0;
    this.#pending.push({ bytes, offset: this.#sequence++, occurrence, tooLong, about });
    this.#bytes += bytes.length;
    // After a failure its wait decides.
    const enough = this.#pending.length >= 1000 || this.#bytes >= 1_000_000;
    if (enough && this.#failures === 0) void this.#write();
    else this.#cancelGather ??= this.#clock.after(gatherMs, () => void this.#write());
  }

  /** Messages in memory. */
  get held(): number {
    return this.#pending.length;
  }

  /** A datagram had no room. */
  drop(): void {
    this.counts.droppedDatagrams++;
  }

  /** Resolves once it takes more, or the signal aborts. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.isFull && !signal.aborted) {
      const over = new AbortController();
      const wake = () => over.abort();
      this.#waiting.add(wake);
      await untilAborted(AbortSignal.any([signal, over.signal]));
      this.#waiting.delete(wake);
    }
  }

  /** The integration runs: what was held is written. */
  attach(target: SinkTarget): void {
    this.#target = target;
    this.#hurry = new AbortController();
    this.#failures = 0;
    void this.#write();
  }

  /** Tells whoever looks after the integration. */
  fault(error: unknown): void {
    this.#target?.onFault(error);
  }

  /** Writes what is there, also above the watermark, and holds what comes until the next {@link attach}. */
  async detach(): Promise<void> {
    this.#hurry.abort();
    await this.#writing;
    await this.#write();
    this.#target = undefined;
  }

  #write(): Promise<void> {
    this.#cancelGather?.();
    this.#cancelGather = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      // What came after the last look.
      if (this.#pending.length > 0 && this.#target !== undefined && this.#failures === 0) void this.#write();
    });
    return this.#writing;
  }

  /** One commit after the other, each of what came during the one before. */
  async #writeAll(): Promise<void> {
    while (this.#pending.length > 0 && this.#target !== undefined) {
      const { intake, format, onFault } = this.#target;
      await intake.room(this.#hurry.signal);
      const frames = this.#pending;
      const bytes = this.#bytes;
      this.#pending = [];
      try {
        await intake.commit({ spool: await intake.chunks("syslog", format, frames) });
        this.counts.stored += frames.length;
        this.#bytes -= bytes;
        this.#failures = 0;
        for (const wake of this.#waiting) wake();
      } catch (error) {
        this.#pending = [...frames, ...this.#pending];
        onFault(error);
        const waitMs = Math.min(longestWaitMs, 1000 * 2 ** this.#failures++);
        this.#cancelGather ??= this.#clock.after(waitMs, () => void this.#write());
        return;
      }
    }
  }
}
