import type { EventData } from "@tributary/adapter-kit";

/** Results of a scan that did not take place: access was denied, or the object cannot be read. An infection is a finding. */
const failed: ReadonlySet<string> = new Set(["error", "unscannable"]);

/** eventName and outcome of a notification about a scan: `scanResult.Infected`; `Error` and `Unscannable` are failures. */
export function scan(
  kind: string,
  scanResult: string,
): Pick<EventData, "eventName" | "errorCode" | "responseElements"> {
  return {
    eventName: `${kind}.${scanResult}`,
    responseElements: { scanResult },
    errorCode: failed.has(scanResult.toLowerCase()) ? scanResult : undefined,
  };
}
