import { Type as T } from "@sinclair/typebox";
import { isObject, textAt, valueAt } from "@tributary/adapter-kit";
import type { JsonObject } from "@tributary/adapter-kit";
import { labelled, readCef } from "@tributary/adapter-kit/readers";
import type { Expression } from "../mapping/mapping-schema.ts";
import type { BuiltIn } from "./built-in.ts";
import { syslogRecord } from "./syslog-record.ts";

/** `Check Point`, `VPN-1 & FireWall-1` is check-point.vpn-1-&-firewall-1. */
export const deviceSource: Expression = [
  { lower: { replace: "{/deviceVendor}.{/deviceProduct}", each: " ", with: "-" } },
  { lower: { replace: ["/deviceProduct", "/deviceVendor"], each: " ", with: "-" } },
];

const failed = {
  "/extension/outcome": { in: ["failure", "failed", "deny", "denied", "blocked"], ignoreCase: true },
};
const device: Expression = [
  "/extension/dvchost",
  "/extension/dvc",
  "/extension/deviceExternalId",
  "/syslog/host",
  { const: "-" },
];

/**
 * ArcSight Common Event Format, versions 0 and 1, alone or behind a syslog header. The record: the header's fields,
 * `extension` with custom keys under their labels, `syslog`. Source: ArcSight Common Event Format, Implementation Standard.
 * A device numbers its events anew after a reset, so that externalId identifies with vendor, product, device and time.
 */
export const cef: BuiltIn = {
  name: "cef",
  displayName: "CEF event",
  record: T.Object({
    cefVersion: T.String(),
    deviceVendor: T.String(),
    deviceProduct: T.String(),
    name: T.Optional(T.String()),
    extension: T.Object({ rt: T.Optional(T.Unknown()), suser: T.Optional(T.Unknown()) }),
  }),
  is: (value) => textAt(value, "cefVersion") !== undefined && isObject(valueAt(value, "extension")),
  mapping: {
    version: 1,
    name: "cef",
    id: {
      all: [
        "{/deviceVendor}|{/deviceProduct}|{/signatureId}",
        device,
        "/extension/externalId",
        ["/extension/rt", "/extension/end", "/extension/start", "/syslog/time"],
      ],
    },
    event: {
      userIdentity: {
        type: {
          when: [{ "/extension/suser": { exists: true } }, { "/extension/duser": { exists: true } }],
          use: { const: "User" },
          else: { const: "Application" },
        },
        principalId: ["/extension/suser", "/extension/duser", "/extension/dvchost", "/extension/dvc", "/deviceProduct"],
        details: {
          suid: "/extension/suid",
          duid: "/extension/duid",
          spriv: "/extension/spriv",
          sntdom: "/extension/sntdom",
        },
      },
      userAgent: "/extension/requestClientApplication",
      eventSource: [deviceSource, { const: "cef" }],
      eventName: ["/name", "/signatureId", { const: "cef" }],
      eventTime: ["/extension/rt", "/extension/end", "/extension/start", "/syslog/time", { receivedAt: true }],
      UID: "/extension/externalId",
      requestParameters: {
        request: "/extension/request",
        requestMethod: "/extension/requestMethod",
        act: "/extension/act",
        fname: "/extension/fname",
        filePath: "/extension/filePath",
        dst: "/extension/dst",
        dpt: "/extension/dpt",
        duser: "/extension/duser",
      },
      errorCode: { when: failed, use: "/extension/outcome" },
      errorMessage: { when: failed, use: ["/extension/reason", "/extension/msg"] },
      additionalEventData: { deviceProduct: "/deviceProduct" },
      sourceIPAddress: ["/extension/src", "/extension/c6a2", "/extension/Source IPv6 Address"],
    },
  },
};

/** The record of a CEF line. Throws Refused `NOT_CEF`. */
export function cefRecord(line: string): JsonObject {
  const { prefix, header, version, vendor, product, deviceVersion, signatureId, name, severity, extensions } =
    readCef(line);
  return {
    cefVersion: version,
    deviceVendor: vendor,
    deviceProduct: product,
    deviceVersion,
    signatureId,
    name,
    severity,
    extension: labelled(extensions),
    ...prefixMembers(prefix, header),
  };
}

/** What stands before a CEF or LEEF text: a syslog header, or a text that is none. */
export function prefixMembers(prefix: string, header: ReturnType<typeof readCef>["header"]): JsonObject {
  if (header !== undefined) return { syslog: syslogRecord(header) };
  return prefix.trim() === "" ? {} : { prefix };
}
