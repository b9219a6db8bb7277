import type { Mapping } from "../mapping/mapping-schema.ts";

const user = ["user", "actor", "principal"];

/**
 * A table for JSON records of an application nobody wrote a mapping for, by names that many use. Asked for only: a guess
 * can be wrong. What it does not know stays in the rest.
 */
export const guess: Mapping = {
  version: 1,
  name: "guess",
  event: {
    userIdentity: {
      principalId: [
        ...user.map((name) => `/${name}`),
        ...user.flatMap((name) => ["id", "email", "name"].map((member) => `/${name}/${member}`)),
        "/sub",
        "/email",
      ],
    },
    eventSource: ["/service", "/application", "/app", "/source", { const: "custom" }],
    eventName: ["/action", "/event", "/eventName", "/type"],
    eventTime: ["/time", "/timestamp", "/@timestamp", "/eventTime", "/ts", "/published", "/created_at"],
    sourceIPAddress: ["/ip", "/source_ip", "/client_ip", "/remote_addr"],
  },
};
