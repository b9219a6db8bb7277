import type { DeliveryPlace } from "./delivery-place.ts";

/** Where results are delivered to. */
export interface DeliveryTarget {
  /** Whether the account has the bucket. */
  hasBucket(accountId: string, bucket: string): Promise<boolean>;
  /**
   * Writes a file, whole and durable or not at all, in place of one of that name. Throws `DELIVERY_BUCKET_MISSING`,
   * `DELIVERY_NOT_ALLOWED`, or what went wrong.
   */
  write(accountId: string, place: DeliveryPlace, name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
}
