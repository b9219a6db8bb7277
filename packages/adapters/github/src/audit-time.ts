import { readUtcSeconds, Refused, textAt } from "@tributary/adapter-kit";

const epochMillis = /^\d{1,15}(?:\.\d+)?$/;
/** A warehouse's time that lost the dot before its fraction: the first 19 characters say date and clock all the same. */
const dotless = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\d{1,9}$/;

/**
 * `@timestamp`, else `created_at`, else `at_sign_timestamp`: epoch milliseconds, UTC, or a warehouse's text without a zone,
 * which is UTC too. Throws {@link Refused} `TIME_MISSING` when none is readable.
 */
export function auditTime(record: unknown): string {
  for (const key of ["@timestamp", "created_at", "at_sign_timestamp"]) {
    const time = readAuditTime(textAt(record, key));
    if (time !== undefined) return time;
  }
  throw new Refused(
    "TIME_MISSING",
    "The record has no readable @timestamp, created_at or at_sign_timestamp; eventTime is required.",
    "/@timestamp",
  );
}

function readAuditTime(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (!epochMillis.test(value)) return readUtcSeconds(dotless.test(value) ? value.slice(0, 19) : value);
  // Always milliseconds, however small: a guess by size would read 123456789 as seconds.
  const seconds = Math.floor(Number(value) / 1000);
  return seconds < 2 ** 32 ? readUtcSeconds(seconds) : undefined;
}
