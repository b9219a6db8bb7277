import { TributaryError } from "@tributary/schema";
import { messageOf } from "../message-of.ts";
import { isJsonObject } from "../http/json-object.ts";

/** Account to the buckets that its results may be delivered to. */
export type DeliveryBuckets = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads a JSON object of account to list of bucket names. Throws `DELIVERY_BUCKETS_NOT_VALID`, naming the file and the account. */
export function parseDeliveryBuckets(text: string, file: string): DeliveryBuckets {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refusal(`${file} is not JSON: ${messageOf(error)}.`);
  }
  if (!isJsonObject(value)) throw refusal(`${file} must hold a JSON object of account to list of buckets.`);
  return new Map(
    Object.entries(value).map(([account, names]) => {
      const where = `${file}, ${JSON.stringify(account.slice(0, 100))}`;
      if (!/^\d{12}$/.test(account)) throw refusal(`${where}: an account has 12 digits.`);
      if (!Array.isArray(names) || !names.every(isBucket))
        throw refusal(`${where}: buckets are a list of names of 3 to 63 of a-z 0-9 . and -.`);
      return [account, new Set(names)];
    }),
  );
}

function isBucket(name: unknown): name is string {
  return typeof name === "string" && /^[a-z0-9][.\-a-z0-9]{1,61}[a-z0-9]$/.test(name);
}

function refusal(message: string): TributaryError {
  return new TributaryError(message, { code: "DELIVERY_BUCKETS_NOT_VALID" });
}
