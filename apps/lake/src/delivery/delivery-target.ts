import type { DeliveryPlace } from "./delivery-place.ts";

/** Where results are delivered to. */
export interface DeliveryTarget {
  /** Whether the account has the bucket. Throws `DELIVERY_NOT_ALLOWED`, or what went wrong. */
  hasBucket(accountId: string, bucket: string, signal: AbortSignal): Promise<boolean>;
  /**
   * Writes a file, whole and durable or not at all, in place of one of that name. Throws `DELIVERY_BUCKET_MISSING`,
   * `DELIVERY_NOT_ALLOWED`, or what went wrong.
   */
  write(
    accountId: string,
    place: DeliveryPlace,
    name: string,
    content: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void>;
}
