import { checkAuditEvent, checkAuditEventValue } from "@tributary/schema";
import type { CheckOptions } from "@tributary/schema";
import type { Fitted } from "./fit.ts";

/** The first problem of an event, in the order of spec 1.7. */
export interface EventProblem {
  readonly code: string;
  /** JSON pointer in the eventData. */
  readonly path: string;
  readonly message: string;
}

/**
 * What still keeps an event from being sent. The sender profile; the present is the record's receipt, so that mapping
 * again gives the same answer. A receipt that is no time sets no bound to the future.
 */
export function checkEvent(
  { eventData, value }: Fitted,
  accountId: string,
  receivedAt: string,
): EventProblem | undefined {
  const received = Date.parse(receivedAt);
  const now = Number.isNaN(received) ? 2 ** 32 * 1000 : received;
  const options: CheckOptions = { profile: "sender", accountId, now };
  const { problems } =
    value === undefined
      ? checkAuditEvent({ eventData }, options)
      : checkAuditEventValue(value, eventData.length, options);
  const first = problems[0];
  return first && { code: first.code, path: first.path, message: first.message };
}
