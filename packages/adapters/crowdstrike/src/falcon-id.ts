import { textAt } from "@tributary/adapter-kit";

/**
 * What names a record for good: `cid:feed:offset`. The poller writes the feed into the line, an option names it for saved
 * ones; without either the time of creation stands in for it, so that equal offsets of two feeds stay two events. Telemetry
 * has an id of its own (`cid:aid:id`). Undefined for the other replicated records and for lines without an offset.
 */
export function falconId(record: unknown, feedId: string | undefined): string | undefined {
  const parts =
    textAt(record, "metadata", "eventType") === undefined
      ? [textAt(record, "cid"), textAt(record, "aid"), textAt(record, "id")]
      : [
          textAt(record, "metadata", "customerIDString"),
          textAt(record, "feedId") ?? feedId ?? createdAt(record),
          textAt(record, "metadata", "offset"),
        ];
  return parts.includes(undefined) ? undefined : parts.join(":");
}

const zoneless = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*$/;

/** `eventCreationTime` in ms, as the stream writes it; a warehouse's text becomes the same number, so both have one id. */
function createdAt(record: unknown): string | undefined {
  const value = textAt(record, "metadata", "eventCreationTime");
  const parts = value === undefined ? null : zoneless.exec(value);
  const ms = parts === null ? Number.NaN : Date.parse(`${parts[1]}T${parts[2]}Z`);
  return Number.isNaN(ms) ? value : String(ms);
}
