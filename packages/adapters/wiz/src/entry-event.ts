import { compact, taking, textAt, utcSeconds, valueAt } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import { actor } from "./actor.ts";
import { parameters } from "./parameters.ts";

/**
 * An entry of the audit log.
 * @param action the entry's own; one client writes it with a blank before it
 */
export function entryEvent(entry: { readonly action: string }, id: string): EventData {
  const take = taking(entry);
  const { type, principalId, member } = actor(entry);
  const status = textAt(entry, "status");
  const failed = status !== undefined && status.trim().toUpperCase() !== "SUCCESS";
  const { kept, overflow } = parameters(take);
  take.text("action");
  if (member !== undefined) take.text(member, "id");
  return {
    version: "1.0",
    userIdentity: {
      type,
      principalId,
      details: compact({
        name: (member && take.text(member, "name")) ?? textAt(entry, "actionParameters", "name"),
        email: textAt(entry, "actionParameters", "userEmail"),
        role: textAt(entry, "actionParameters", "role"),
        scopes: valueAt(entry, "actionParameters", "scopes") ?? undefined,
        userPoolType: textAt(entry, "actionParameters", "userPoolType"),
        // The second actor, where an entry names both.
        serviceAccount: member === "user" ? take.object("serviceAccount") : undefined,
      }),
    },
    userAgent: take.text("userAgent"),
    eventSource: "wiz",
    eventName: entry.action.trim(),
    eventTime: utcSeconds(valueAt(entry, "timestamp")),
    UID: take.text("id") ?? id,
    requestParameters: kept,
    errorCode: failed ? status : undefined,
    errorMessage: failed ? textAt(entry, "actionParameters", "error") : undefined,
    sourceIPAddress: take.ipAddress("sourceIP") ?? take.ipAddress("actionParameters", "sourceIP"),
    additionalEventData: compact({ actionParameters: overflow, ...take.rest() }),
  };
}
