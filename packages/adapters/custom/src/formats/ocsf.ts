import { Type as T } from "@sinclair/typebox";
import { isObject, textAt, valueAt } from "@tributary/adapter-kit";
import type { Condition } from "../mapping/mapping-schema.ts";
import type { BuiltIn } from "./built-in.ts";

const failed: Condition = [{ "/status_id": 2 }, { "/status_id": { exists: false }, "/status": "Failure" }];

/**
 * Events of the Open Cybersecurity Schema Framework 1.x: schema.ocsf.io. Some producers write `time` in seconds, though
 * it is milliseconds, and leave class_name out. In network activity (category 4) one connection's uid stands on several
 * records, so that it does not identify them.
 */
export const ocsf: BuiltIn = {
  name: "ocsf",
  displayName: "OCSF event",
  record: T.Object({
    class_uid: T.Integer({ minimum: 0, maximum: 999_999 }),
    metadata: T.Object({ product: T.Optional(T.Unknown()), uid: T.Optional(T.Unknown()) }),
    time: T.Optional(T.Unknown()),
  }),
  is: (value) => textAt(value, "class_uid") !== undefined && isObject(valueAt(value, "metadata")),
  mapping: {
    version: 1,
    name: "ocsf",
    id: [{ when: { "/category_uid": { in: [1, 2, 3, 5, 6, 7, 8] } }, use: "/metadata/uid" }],
    event: {
      version: "/metadata/version",
      userIdentity: {
        type: ["/actor/user/type", { const: "User" }],
        principalId: [
          "/actor/user/uid",
          "/actor/user/email_addr",
          "/actor/user/name",
          "/actor/session/issuer",
          "/user/uid",
          "/user/email_addr",
          "/user/name",
        ],
      },
      userAgent: "/http_request/user_agent",
      eventSource: ["/api/service/name", "/metadata/product/name", { const: "ocsf" }],
      eventName: [
        "/api/operation",
        "{/class_name}:{/activity_name}",
        "/type_name",
        "{/class_uid}:{/activity_name}",
        "/class_name",
        "/class_uid",
      ],
      eventTime: "/time",
      UID: "/metadata/uid",
      requestParameters: "/api/request/data",
      responseElements: "/api/response/data",
      errorCode: {
        when: failed,
        use: [
          "/api/response/error",
          { when: { "/status_code": { in: ["0", "200", "OK"], ignoreCase: true } }, use: { const: "Failure" } },
          "/status_code",
          { const: "Failure" },
        ],
      },
      errorMessage: { when: failed, use: ["/api/response/error_message", "/status_detail"] },
      sourceIPAddress: "/src_endpoint/ip",
    },
  },
};
