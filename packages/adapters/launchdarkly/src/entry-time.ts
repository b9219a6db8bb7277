import { readUtcSeconds, Refused, textAt, valueAt } from "@tributary/adapter-kit";

const epochMillis = /^\d{1,15}(?:\.\d+)?$/;

/**
 * `date`, else `timestamp.milliseconds`: epoch milliseconds however small (the API's own example says 0); else
 * `timestamp.rfc3339`, which some integrations carry over wrongly. Throws {@link Refused} `TIME_MISSING`.
 */
export function entryTime(record: unknown): string {
  const time =
    millis(textAt(record, "date")) ??
    millis(textAt(record, "timestamp", "milliseconds")) ??
    readUtcSeconds(valueAt(record, "timestamp", "rfc3339"));
  if (time !== undefined) return time;
  throw new Refused(
    "TIME_MISSING",
    "The entry has no readable date (epoch milliseconds) nor timestamp; eventTime is required.",
    "/date",
  );
}

function millis(value: string | undefined): string | undefined {
  if (value === undefined || !epochMillis.test(value)) return undefined;
  const seconds = Math.floor(Number(value) / 1000);
  return seconds < 2 ** 32 ? readUtcSeconds(seconds) : undefined;
}
