import { readUtcSeconds, Refused, textAt } from "@tributary/adapter-kit";
import type { Taking } from "@tributary/adapter-kit";

/** Where a record keeps what every record has. */
export interface Layout {
  readonly kind: "audit" | "detection" | "telemetry";
  /** The members of the event are below `event` in a stream line, at the top in a replicated record. */
  readonly body: readonly string[];
  readonly eventType: string;
  readonly eventTime: string;
  readonly version: string;
  readonly cid: string | undefined;
}

/** Reads the layout and takes what it reads, but for the time: the event keeps its original text. */
export function layoutOf(record: unknown, take: Taking): Layout {
  const simpleName = textAt(record, "event_simpleName");
  if (simpleName !== undefined)
    return {
      kind: "telemetry",
      body: [],
      eventType: simpleName,
      eventTime: timeOf(record, replicatorTimes),
      version: "1.0",
      cid: take.text("cid"),
    };
  const external = textAt(record, "ExternalApiType");
  const body = external === undefined ? ["event"] : [];
  const eventType =
    external === undefined ? (textAt(record, "metadata", "eventType") ?? "unknown") : external.slice("Event_".length);
  // The event shows it as additionalEventData.eventType, unless the record has a member of that name at the top.
  if (textAt(record, "eventType") === undefined) take.text("metadata", "eventType");
  return {
    kind:
      eventType.endsWith("AuditEvent") || textAt(record, ...body, "OperationName") !== undefined
        ? "audit"
        : "detection",
    body,
    eventType,
    eventTime: timeOf(record, external === undefined ? streamTimes : replicatorTimes),
    version: take.text("metadata", "version") ?? "1.0",
    cid: take.text("metadata", "customerIDString") ?? take.text("cid") ?? take.text("CustomerIdString"),
  };
}

/** eventCreationTime first: UTCTimestamp is seconds in most records, milliseconds in some, and hours off in a few. */
const streamTimes = [
  ["metadata", "eventCreationTime"],
  ["event", "UTCTimestamp"],
];
const replicatorTimes = [["timestamp"], ["UTCTimestamp"], ["ContextTimeStamp"]];

function timeOf(record: unknown, paths: readonly (readonly string[])[]): string {
  for (const path of paths) {
    const value = textAt(record, ...path);
    if (value === undefined) continue;
    if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d]*$/.test(value))
      throw new Refused(
        "WAREHOUSE_RECORD",
        "This is a warehouse export of a record (times without a zone): send it as CrowdStrike wrote it.",
        `/${path.join("/")}`,
      );
    const time = readUtcSeconds(value);
    if (time !== undefined) return time;
  }
  throw new Refused(
    "TIME_MISSING",
    `The record has no readable time at ${paths.map((path) => path.join(".")).join(" or ")}; eventTime is required.`,
    `/${paths[0]?.join("/")}`,
  );
}
