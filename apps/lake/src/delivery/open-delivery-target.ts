import { join } from "node:path";
import type { SigningCredentials } from "../sigv4/sign-request.ts";
import type { DeliveryBuckets } from "./delivery-buckets.ts";
import type { DeliveryTarget } from "./delivery-target.ts";
import { openDirectoryTarget } from "./directory-target.ts";
import { openS3Target } from "./s3-target.ts";

/** Where a lake delivers results to, one of both at most. */
export interface DeliveryOptions {
  /** Results are delivered to `ACCOUNT/BUCKET/PREFIX` of this directory. */
  readonly deliveryDirectory?: string | undefined;
  /** Results are delivered to buckets of a server that speaks S3's API. */
  readonly deliveryS3?:
    | {
        /** Origin, such as `https://s3.example.com`. */
        readonly endpoint: string;
        /** Default the lake's. */
        readonly region?: string | undefined;
        readonly credentials: SigningCredentials;
        /** Which buckets each account may deliver to. */
        readonly buckets: DeliveryBuckets;
      }
    | undefined;
}

/** Undefined where nothing is delivered. Throws `DELIVERY_DIRECTORY_NOT_USABLE` and `DELIVERY_ENDPOINT_NOT_VALID`. */
export async function openDeliveryTarget(
  { deliveryDirectory, deliveryS3 }: DeliveryOptions,
  lake: {
    readonly data: string;
    readonly region: string;
    readonly insecure?: boolean | undefined;
    readonly now: () => number;
  },
): Promise<DeliveryTarget | undefined> {
  if (deliveryDirectory !== undefined) return await openDirectoryTarget(deliveryDirectory);
  if (deliveryS3 === undefined) return undefined;
  const { insecure, now } = lake;
  return openS3Target({
    ...deliveryS3,
    region: deliveryS3.region ?? lake.region,
    insecure,
    now,
    spoolFile: join(lake.data, "delivery.part"),
  });
}
