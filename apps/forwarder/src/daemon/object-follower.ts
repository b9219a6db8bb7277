import { TributaryError } from "@tributary/schema";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { Clock } from "../delivery/clock.ts";
import { BucketReader } from "../objects/bucket-reader.ts";
import { FailedObjects } from "../objects/failed-objects.ts";
import { ObjectReader } from "../objects/object-reader.ts";
import { objectName } from "../objects/object-store.ts";
import { QueueReader } from "../objects/queue-reader.ts";
import { s3ObjectStore } from "../objects/s3-object-store.ts";
import { sqsObjectQueue } from "../objects/sqs-object-queue.ts";
import type { IntakeSink } from "./intake-sink.ts";
import { objectSink } from "./object-sink.ts";
import type { Parking } from "./parking.ts";
import { reasonOf } from "./reason-of.ts";
import { sleep } from "./sleep.ts";

export interface ObjectFollowerOptions {
  readonly plan: IntegrationPlan;
  readonly sink: IntakeSink;
  readonly clock: Clock;
  readonly parking: Parking;
  /** Told of an object or a message that is set aside. */
  readonly onProblem: (error: unknown, what: string) => void;
}

/** What a follower of objects has done since the start. */
export interface ObjectCounts {
  readonly read: number;
  readonly gone: number;
  readonly bytes: number;
  /** Set aside: they could not be read. */
  readonly failed: number;
  /** Messages of the queue that were no notice. */
  readonly unknownMessages: number;
}

/** Reads an integration's objects of S3, by listing a bucket or by the notices of a queue. */
export class ObjectFollower {
  counts: ObjectCounts = { read: 0, gone: 0, bytes: 0, failed: 0, unknownMessages: 0 };
  readonly #options: ObjectFollowerOptions;
  readonly #s3: NonNullable<IntegrationPlan["s3"]>;

  constructor(options: ObjectFollowerOptions, s3: NonNullable<IntegrationPlan["s3"]>) {
    this.#options = options;
    this.#s3 = s3;
  }

  /** Resolves when the signal aborts. What refuses the bucket or the queue parks it; then it is tried again. */
  async run(signal: AbortSignal): Promise<void> {
    const { parking } = this.#options;
    // What still cannot be read is told again.
    parking.begin();
    while (!signal.aborted)
      try {
        await this.#follow(signal);
      } catch (error) {
        if (!signal.aborted) await parking.park(reasonOf(error), signal);
      }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { plan, clock, parking, onProblem } = this.#options;
    const { bucket, prefix, queue: url, format, pollSeconds, since } = this.#s3;
    const store = await s3ObjectStore(this.#s3);
    const queue = url === undefined ? undefined : await sqsObjectQueue(url, this.#s3);
    try {
      const now = () => clock.now();
      const sink = objectSink(this.#options.sink, now, {
        listing: queue === undefined ? `${bucket}/${prefix}` : undefined,
        onUnknown: (why) => {
          const message = `A message of ${url} is no notice of objects: ${why}. It is a dead letter now.`;
          onProblem(new TributaryError(message, { code: "NOTICE_UNKNOWN" }), url ?? "");
        },
      });
      const reader = new ObjectReader({ adapter: plan.adapter, format, store, sink, now });
      const failed = new FailedObjects({
        sink,
        reader,
        now,
        onProblem: (error, ref) => onProblem(error, objectName(ref)),
      });
      const common = { reader, failed, sink, prefix };
      const source =
        queue === undefined
          ? new BucketReader({ ...common, store, bucket: bucket!, since, pollMs: pollSeconds * 1000, now })
          : new QueueReader({ ...common, queue, source: url!, bucket, clock });
      const before = this.counts;
      while (!signal.aborted) {
        await source.turn(signal);
        parking.clear();
        this.counts = {
          read: before.read + reader.counts.read,
          gone: before.gone + reader.counts.gone,
          bytes: before.bytes + reader.counts.bytes,
          failed: failed.count,
          unknownMessages: before.unknownMessages + ("unknown" in source.counts ? source.counts.unknown : 0),
        };
        // A queue waits by itself.
        if (queue === undefined) await sleep(clock, pollSeconds * 1000, signal);
      }
    } finally {
      store.close();
      queue?.close();
    }
  }
}
