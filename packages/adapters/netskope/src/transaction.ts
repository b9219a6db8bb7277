import { compact, readUtcSeconds, textAt, utcSeconds } from "@tributary/adapter-kit";
import type { Taking } from "@tributary/adapter-kit";
import { knowing } from "./knowing.ts";
import { knownAt } from "./known-at.ts";
import type { Mapped } from "./plain.ts";

const asked = [
  "cs-method",
  "cs-uri-scheme",
  "cs-host",
  "cs-uri",
  "cs-uri-port",
  "cs-uri-query",
  "cs-referer",
  "cs-content-type",
  "x-cs-url",
];
const answered = ["sc-status", "rs-status", "sc-content-type", "x-policy-action", "x-policy-name"];

/** A row of the transaction log: one HTTP exchange through Netskope's proxy. "-" says that there is nothing. */
export function transaction(record: unknown, take: Taking): Mapped {
  const known = knowing(record, take);
  const all = (members: readonly string[]) =>
    compact(Object.fromEntries(members.map((member) => [member, known(member)] as const)));
  const status = knownAt(record, "sc-status");
  const error = knownAt(record, "x-error");
  const failed = status !== undefined && Number(status) >= 400;
  const errorCode = failed ? status : error;
  return {
    userIdentity: {
      type: "User",
      principalId: known("cs-username") ?? known("x-c-authn-user") ?? "unknown",
      details: compact({ access_method: known("x-cs-access-method") }),
    },
    userAgent: known("cs-user-agent"),
    eventSource: "netskopeevent.transaction",
    eventName: known("x-cs-app-activity") ?? knownAt(record, "cs-method") ?? knownAt(record, "x-type") ?? "transaction",
    eventTime:
      readUtcSeconds(textAt(record, "x-cs-timestamp")) ??
      utcSeconds(`${textAt(record, "date")} ${textAt(record, "time")}`),
    ...(errorCode !== undefined && { errorCode }),
    ...(failed && error !== undefined && { errorMessage: error }),
    requestParameters: all(asked),
    responseElements: all(answered),
    sourceIPAddress: take.ipAddress("x-cs-src-ip-egress") ?? take.ipAddress("c-ip") ?? take.ipAddress("x-cs-userip"),
  };
}
