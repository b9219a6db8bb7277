import { parseDeliveryBuckets } from "../delivery/delivery-buckets.ts";
import type { DeliveryOptions } from "../delivery/open-delivery-target.ts";
import { type CommandIo, type CommandValues, UsageError, readText } from "./command.ts";

/** Where `serve` delivers results to; the credentials of an S3 endpoint are those of the environment, as AWS names them. */
export function deliveryOptions(values: CommandValues, env: CommandIo["env"]): DeliveryOptions {
  const deliveryDirectory = values["delivery-directory"];
  const endpoint = values["delivery-s3-endpoint"];
  const region = values["delivery-s3-region"];
  const file = values["delivery-buckets"];
  if (endpoint === undefined) {
    if (region !== undefined) throw new UsageError("--delivery-s3-region needs --delivery-s3-endpoint.");
    if (file !== undefined) throw new UsageError("--delivery-buckets needs --delivery-s3-endpoint.");
    return { deliveryDirectory };
  }
  if (deliveryDirectory !== undefined)
    throw new UsageError("Results go to --delivery-directory or to --delivery-s3-endpoint, not to both.");
  if (file === undefined)
    throw new UsageError(
      "--delivery-s3-endpoint needs --delivery-buckets FILE, which says which buckets each account may deliver to.",
    );
  if (region !== undefined && !/^[a-z0-9-]{1,64}$/.test(region))
    throw new UsageError("--delivery-s3-region must be 1 to 64 of a-z 0-9 and -.");
  const accessKeyId = env["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = env["AWS_SECRET_ACCESS_KEY"];
  if (!accessKeyId || !secretAccessKey)
    throw new UsageError(
      "--delivery-s3-endpoint needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment.",
    );
  const sessionToken = env["AWS_SESSION_TOKEN"] || undefined;
  return {
    deliveryS3: {
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      buckets: parseDeliveryBuckets(readText(file), file),
    },
  };
}
