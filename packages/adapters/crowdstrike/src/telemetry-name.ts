import { textAt } from "@tributary/adapter-kit";
import { replicatedType } from "./replicated-type.ts";

/**
 * The name of a line of sensor telemetry: flat, named by `event_simpleName`, and no event of the stream that was replicated
 * under such a name. Undefined for all else.
 */
export function telemetryName(record: unknown): string | undefined {
  const isEvent = replicatedType(record) !== undefined || textAt(record, "metadata", "eventType") !== undefined;
  return isEvent ? undefined : textAt(record, "event_simpleName");
}
