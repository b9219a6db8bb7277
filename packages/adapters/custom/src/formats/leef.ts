import { Type as T } from "@sinclair/typebox";
import { isObject, textAt, valueAt } from "@tributary/adapter-kit";
import type { JsonObject } from "@tributary/adapter-kit";
import { readLeef } from "@tributary/adapter-kit/readers";
import type { BuiltIn } from "./built-in.ts";
import { deviceSource, prefixMembers } from "./cef.ts";
import { grouped } from "./syslog-record.ts";

/**
 * IBM QRadar's Log Event Extended Format, 1.0 and 2.0, alone or behind a syslog header: ibm.com/docs/en/dsm, "LEEF event
 * components". The record: the header's fields, `attributes`, `syslog`. LEEF has no id and no outcome.
 */
export const leef: BuiltIn = {
  name: "leef",
  displayName: "LEEF event",
  record: T.Object({
    leefVersion: T.String(),
    deviceVendor: T.String(),
    deviceProduct: T.String(),
    eventId: T.String(),
    attributes: T.Object({ devTime: T.Optional(T.Unknown()), usrName: T.Optional(T.Unknown()) }),
  }),
  is: (value) => textAt(value, "leefVersion") !== undefined && isObject(valueAt(value, "attributes")),
  mapping: {
    version: 1,
    name: "leef",
    event: {
      userIdentity: {
        type: {
          when: [{ "/attributes/usrName": { exists: true } }, { "/attributes/accountName": { exists: true } }],
          use: { const: "User" },
          else: { const: "Application" },
        },
        principalId: ["/attributes/usrName", "/attributes/accountName", "/deviceProduct"],
        details: {
          identSrc: "/attributes/identSrc",
          domain: "/attributes/domain",
          role: "/attributes/role",
        },
      },
      eventSource: [deviceSource, { const: "leef" }],
      eventName: ["/eventId", { const: "leef" }],
      eventTime: [
        { from: "/attributes/devTime", pattern: "/attributes/devTimeFormat" },
        "/attributes/devTime",
        "/syslog/time",
        { receivedAt: true },
      ],
      requestParameters: {
        dst: "/attributes/dst",
        dstPort: "/attributes/dstPort",
        policy: "/attributes/policy",
        resource: "/attributes/resource",
      },
      additionalEventData: { deviceProduct: "/deviceProduct" },
      sourceIPAddress: "/attributes/src",
    },
  },
};

/** The record of a LEEF line. Throws Refused `NOT_LEEF`. */
export function leefRecord(line: string): JsonObject {
  const { prefix, header, version, vendor, product, deviceVersion, eventId, delimiter, attributes } = readLeef(line);
  return {
    leefVersion: version,
    deviceVendor: vendor,
    deviceProduct: product,
    deviceVersion,
    eventId,
    ...(delimiter === "\t" ? {} : { delimiter }),
    attributes: grouped(attributes.map(({ key, value }) => [key, value])),
    ...prefixMembers(prefix, header),
  };
}
