import type { DeliveryCounts } from "./delivery-counts.ts";
import type { FileFollower } from "./file-follower.ts";
import type { BulkReceiver } from "../bulk/bulk-receiver.ts";
import type { ObjectCounts } from "./object-follower.ts";
import type { Reason } from "./parking.ts";
import type { SyslogCounts } from "../syslog/syslog-service.ts";
import type { Receiver } from "./receiver.ts";

/** How the delivery to one channel is doing. */
export interface DestinationStatus {
  /** Empty where the integration has one and calls it `channel`. */
  readonly name: string;
  readonly channelArn: string;
  readonly counts: Omit<DeliveryCounts, "newestDelivered">;
  /** Records in the state that it has not settled. */
  readonly queued: number;
  /** Since the oldest of them was received; undefined without any. */
  readonly oldestQueuedSeconds?: number | undefined;
  /** Age of the newest event that was delivered; undefined before the first. */
  readonly lagSeconds: number | undefined;
  /** Why it waits after a refusal. */
  readonly parked: Reason | undefined;
}

/** How an integration is doing, for logs, the terminal and metrics. Counts are since the process started. */
export interface IntegrationStatus {
  readonly name: string;
  readonly adapter: string;
  readonly destinations: readonly DestinationStatus[];
  /** Whether this process polls and delivers it; of several forwarders on one state one does. */
  readonly isHeld: boolean;
  /** Frames that sources wrote to the state. */
  readonly stored: number;
  /** Parts that wait after a refusal: `poll`, `files`. */
  readonly parked: readonly (Reason & { readonly part: string })[];
  /** How often each code of trouble came up. */
  readonly troubles: ReadonlyMap<string, number>;
  /** Of the poller; undefined without one. */
  readonly pages: number | undefined;
  readonly cursorAgeSeconds: number | undefined;
  /** Of the webhook; undefined without one. */
  readonly deliveries: Receiver["counts"] | undefined;
  /** Files that are followed, of them open, and bytes that wait to be read; undefined without files. */
  readonly files: FileFollower["counts"] | undefined;
  /** Documents of bulk requests, and requests that were not taken; undefined without bulk. */
  readonly bulk?: BulkReceiver["counts"] | undefined;
  /** Of its syslog; undefined without it. */
  readonly syslog?: SyslogCounts | undefined;
  /** Objects of S3; undefined without `s3`. */
  readonly objects: ObjectCounts | undefined;
}
