import { TributaryError } from "@tributary/schema";
import type { Clock } from "../delivery/clock.ts";
import type { FailedObjects } from "./failed-objects.ts";
import type { ObjectQueue, QueueMessage } from "./object-queue.ts";
import type { ObjectReader } from "./object-reader.ts";
import type { ObjectSink } from "./object-sink.ts";
import type { ObjectRef } from "./object-store.ts";
import { readNotice } from "./read-notice.ts";

/** So long is a message hidden from others; it is prolonged while its objects are read. */
const hiddenSeconds = 300;
/** After so many tries an object is set aside, and its message deleted. */
const mostTries = 5;
const firstRetrySeconds = 30;
const longestRetrySeconds = 900;
/** What SQS keeps at most: a message does not come again after that. */
const rememberedMs = 15 * 86_400_000;
const careMs = 3_600_000;

export interface QueueReaderOptions {
  readonly queue: ObjectQueue;
  readonly reader: ObjectReader;
  readonly failed: FailedObjects;
  readonly sink: ObjectSink;
  /** The queue's address, for dead letters. */
  readonly source: string;
  /** Objects of other buckets and prefixes are left out. */
  readonly bucket: string | undefined;
  readonly prefix: string;
  readonly clock: Clock;
}

/** Reads the objects that a queue tells of. A message is deleted only after the records of all its objects are committed. */
export class QueueReader {
  /** Messages since the start: dealt with, left for another try, made dead letters. */
  readonly counts = { handled: 0, retried: 0, unknown: 0, ignored: 0 };
  readonly #options: QueueReaderOptions;
  #caredAt = -Infinity;

  constructor(options: QueueReaderOptions) {
    this.#options = options;
  }

  /** Waits for messages once, and deals with them. Throws `SQS_FAILED`, and what is wrong with the state. */
  async turn(signal: AbortSignal): Promise<void> {
    const { queue, sink, clock, failed } = this.#options;
    await sink.room(signal);
    if (signal.aborted) return;
    await failed.retry(signal);
    if (clock.now() - this.#caredAt > careMs) {
      this.#caredAt = clock.now();
      await sink.commit({ forgetBefore: clock.now() - rememberedMs });
    }
    const inHand = new Set(await queue.receive(hiddenSeconds, signal));
    const endProlonging = this.#prolong(inHand);
    try {
      await this.#handle(inHand, signal);
    } finally {
      endProlonging();
      // Whoever comes next has them at once.
      if (inHand.size > 0) await queue.hide([...inHand], 0).catch(() => undefined);
    }
  }

  async #handle(inHand: Set<QueueMessage>, signal: AbortSignal): Promise<void> {
    const { queue, sink, reader, source } = this.#options;
    const done = async (message: QueueMessage): Promise<void> => {
      await queue.delete([message]);
      inHand.delete(message);
      this.counts.handled++;
    };
    const waiting: { readonly ref: ObjectRef; readonly message: QueueMessage }[] = [];
    for (const message of inHand) {
      const notice = readNotice(message.body);
      if (notice.kind === "unknown") {
        await sink.bury({ source, body: message.body, why: notice.why });
        this.counts.unknown++;
        await done(message);
        continue;
      }
      const refs = notice.kind === "objects" ? notice.objects.filter((ref) => this.#isWanted(ref)) : [];
      if (refs.length > 0) for (const ref of refs) waiting.push({ ref, message });
      else await done(message);
    }
    const left = new Map<QueueMessage, number>();
    for (const { message } of waiting) left.set(message, (left.get(message) ?? 0) + 1);
    const retried = new Set<QueueMessage>();
    let at = 0;
    for await (const [ref, outcome] of reader.read(
      waiting.map((one) => one.ref),
      signal,
    )) {
      const { message } = waiting[at++]!;
      if (outcome === "stopped") return;
      if (outcome instanceof TributaryError && !(await this.#setAside(ref, outcome, message))) retried.add(message);
      const rest = left.get(message)! - 1;
      left.set(message, rest);
      if (rest > 0) continue;
      if (!retried.has(message)) await done(message);
      else {
        this.counts.retried++;
        const seconds = Math.min(longestRetrySeconds, firstRetrySeconds * 2 ** (message.received - 1));
        await queue.hide([message], seconds);
        inHand.delete(message);
      }
    }
  }

  /** Whether an object that could not be read is set aside. Otherwise its message comes again. */
  async #setAside(ref: ObjectRef, error: TributaryError, { received }: QueueMessage): Promise<boolean> {
    if (error.retryable && received < mostTries) return false;
    await this.#options.failed.add(ref, error);
    return true;
  }

  #isWanted({ bucket, key }: ObjectRef): boolean {
    const { bucket: wanted, prefix } = this.#options;
    // A folder that the console made holds nothing.
    const isWanted = (wanted === undefined || wanted === bucket) && key.startsWith(prefix) && !key.endsWith("/");
    if (!isWanted) this.counts.ignored++;
    return isWanted;
  }

  #prolong(inHand: ReadonlySet<QueueMessage>): () => void {
    const { queue, clock } = this.#options;
    const again = (): (() => void) =>
      clock.after((hiddenSeconds / 3) * 1000, () => {
        // What cannot be prolonged comes again, and is then known.
        void queue.hide([...inHand], hiddenSeconds).catch(() => undefined);
        cancel = again();
      });
    let cancel = again();
    return () => cancel();
  }
}
