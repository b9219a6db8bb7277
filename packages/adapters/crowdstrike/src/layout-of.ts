import { readUtcSeconds, Refused, textAt } from "@tributary/adapter-kit";
import type { Taking } from "@tributary/adapter-kit";
import { isInventory } from "./is-inventory.ts";
import { replicatedType } from "./replicated-type.ts";
import { telemetryName } from "./telemetry-name.ts";

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
  if (isInventory(record))
    throw new Refused(
      "FDR_INVENTORY",
      "This is an inventory line of Falcon Data Replicator (hosts, assets, users, scores): it describes a state, nothing happened.",
    );
  const name = telemetryName(record);
  if (name !== undefined)
    return {
      kind: "telemetry",
      body: [],
      eventType: name,
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
    const time = readUtcSeconds(value);
    if (time !== undefined) return time;
  }
  throw new Refused(
    "TIME_MISSING",
    `The record has no readable time at ${paths.map((path) => path.join(".")).join(" or ")}; eventTime is required.`,
    `/${paths[0]?.join("/")}`,
  );
}
