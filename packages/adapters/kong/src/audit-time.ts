import { readUtcSeconds, Refused, textAt, valueAt } from "@tributary/adapter-kit";

/**
 * The time of a record of the Admin API's audit log: `request_timestamp`, in seconds, in old versions in ms; else `expire`
 * less the time that records are kept. Throws {@link Refused} `TIME_MISSING`.
 */
export function auditTime(record: unknown, recordTtlSeconds: number): string {
  const time = readUtcSeconds(valueAt(record, "request_timestamp")) ?? writtenAt(record, recordTtlSeconds);
  if (time !== undefined) return time;
  throw new Refused(
    "TIME_MISSING",
    "The record has no readable request_timestamp nor expire; eventTime is required.",
    "/request_timestamp",
  );
}

function writtenAt(record: unknown, recordTtlSeconds: number): string | undefined {
  const expire = textAt(record, "expire");
  if (expire === undefined || !/^\d{1,15}$/.test(expire)) return undefined;
  const seconds = Number(expire) < 1e11 ? Number(expire) : Math.floor(Number(expire) / 1000);
  return readUtcSeconds(seconds - recordTtlSeconds);
}
