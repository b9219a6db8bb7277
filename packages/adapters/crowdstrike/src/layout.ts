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

/** Sensor telemetry: flat, named by `event_simpleName`, and no event of the stream that was replicated under such a name. */
export function isTelemetry(record: unknown): boolean {
  return (
    textAt(record, "event_simpleName") !== undefined &&
    replicatedType(record) === undefined &&
    textAt(record, "metadata", "eventType") === undefined
  );
}

/** The type of a replicated event, without the prefix it is given there. */
function replicatedType(record: unknown): string | undefined {
  const name = [textAt(record, "ExternalApiType"), textAt(record, "event_simpleName")].find((type) =>
    type?.startsWith("Event_"),
  );
  return name?.slice("Event_".length);
}

/** Reads the layout and takes what it reads, but for the time: the event keeps its original text. */
export function layoutOf(record: unknown, take: Taking): Layout {
  if (isTelemetry(record))
    return {
      kind: "telemetry",
      body: [],
      eventType: textAt(record, "event_simpleName") ?? "unknown",
      eventTime: timeOf(record, replicatorTimes),
      version: "1.0",
      cid: take.text("cid"),
    };
  const streamed = textAt(record, "metadata", "eventType");
  const body = streamed === undefined ? [] : ["event"];
  const eventType = streamed ?? replicatedType(record) ?? "unknown";
  // The event shows it as additionalEventData.eventType, unless the record has a member of that name at the top.
  if (textAt(record, "eventType") === undefined) take.text("metadata", "eventType");
  return {
    kind:
      eventType.endsWith("AuditEvent") || textAt(record, ...body, "OperationName") !== undefined
        ? "audit"
        : "detection",
    body,
    eventType,
    eventTime: timeOf(record, streamed === undefined ? replicatorTimes : streamTimes),
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
