import type { Format, JsonObject } from "@tributary/adapter-kit";
import { labelled, readCef } from "@tributary/adapter-kit/readers";

/**
 * A line of Konnect's CEF as the record its JSON would be: `2026-01-31T12:00:00Z konghq.com CEF:0|KongInc|Konnect|1.0|class|
 * name|severity|key=value ...`. Some lines lack the class; their name stands in its place. Throws {@link Refused} `NOT_CEF`.
 */
export function konnectCef(line: string): ReturnType<NonNullable<Format["parse"]>> {
  const cef = readCef(line);
  const short = cef.severity.includes("=") && cef.extensions.length === 0;
  const { extensions } = short ? readCef(`CEF:0|||||||${cef.severity}`) : cef;
  const prefix = cef.prefix.trim();
  const value: JsonObject = {
    cef_version: cef.version,
    event_vendor: cef.vendor,
    event_product: cef.product,
    event_version: cef.deviceVersion,
    ...(short
      ? { name: cef.signatureId, severity: cef.name }
      : { event_class_id: cef.signatureId, name: cef.name, severity: cef.severity }),
    ...(prefix === "" ? {} : { cef_prefix: prefix }),
    ...labelled(extensions),
  };
  return { value };
}
