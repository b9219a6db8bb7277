import { checkAuditEvent } from "@tributary/schema";

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
export function checkEvent(eventData: string, accountId: string, receivedAt: string): EventProblem | undefined {
  const received = Date.parse(receivedAt);
  const now = Number.isNaN(received) ? 2 ** 32 * 1000 : received;
  const [first] = checkAuditEvent({ eventData }, { profile: "sender", accountId, now }).problems;
  return first && { code: first.code, path: first.path, message: first.message };
}
