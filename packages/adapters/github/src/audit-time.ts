import { readUtcSeconds, Refused, textAt } from "@tributary/adapter-kit";

const epochMillis = /^\d{1,15}(?:\.\d+)?$/;

/**
 * `@timestamp`, else `created_at`: epoch milliseconds, UTC. Throws {@link Refused} `TIME_MISSING` when neither is
 * readable, `WAREHOUSE_RECORD` for the zone-less times of a warehouse export.
 */
export function auditTime(record: unknown): string {
  for (const key of ["@timestamp", "created_at", "at_sign_timestamp"]) {
    const value = textAt(record, key);
    if (value === undefined) continue;
    if (epochMillis.test(value)) {
      // Always milliseconds, however small: a guess by size would read 123456789 as seconds.
      const seconds = Math.floor(Number(value) / 1000);
      const time = seconds < 2 ** 32 ? readUtcSeconds(seconds) : undefined;
      if (time !== undefined) return time;
      continue;
    }
    if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*$/.test(value))
      throw new Refused(
        "WAREHOUSE_RECORD",
        "This is a warehouse export of a record (times without a zone): send it as GitHub wrote it.",
        `/${key}`,
      );
    const time = readUtcSeconds(value);
    if (time !== undefined) return time;
  }
  throw new Refused(
    "TIME_MISSING",
    "The record has no readable @timestamp or created_at (epoch milliseconds); eventTime is required.",
    "/@timestamp",
  );
}
