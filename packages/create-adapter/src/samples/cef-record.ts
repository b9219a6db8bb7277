import { compact } from "@tributary/adapter-kit";
import type { JsonObject } from "@tributary/adapter-kit";
import { headerOf, labelled } from "@tributary/adapter-kit/readers";
import type { Cef } from "@tributary/adapter-kit/readers";

/** A CEF event as the record that the generated adapter's format makes of it. */
export function cefRecord(cef: Cef): JsonObject {
  const { prefix, header, version, vendor, product, deviceVersion, signatureId, name, severity, extensions } = cef;
  const { time, host, app } = headerOf(header) ?? {};
  const syslog = compact({ text: prefix === "" ? undefined : prefix, time, host, app });
  const record = {
    version,
    vendor,
    product,
    deviceVersion,
    signatureId,
    name,
    severity,
    extension: labelled(extensions),
  };
  return syslog === undefined ? record : { syslog, ...record };
}
