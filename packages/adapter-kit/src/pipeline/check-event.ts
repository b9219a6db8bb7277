import { checkAuditEvent, checkAuditEventValue } from "@tributary/schema";
import type { CheckOptions } from "@tributary/schema";
import type { Fitted } from "./fit.ts";
import { isSurelyValid } from "./is-surely-valid.ts";

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
  { eventData, value, closed }: Fitted,
  accountId: string,
  receivedAt: string,
): EventProblem | undefined {
  const now = momentOf(receivedAt);
  if (closed === true && value !== undefined && isSurelyValid(value, eventData.length, accountId, now))
    return undefined;
  const options: CheckOptions = { profile: "sender", accountId, now };
  const { problems } =
    value === undefined
      ? checkAuditEvent({ eventData }, options)
      : checkAuditEventValue(value, eventData.length, options);
  const first = problems[0];
  return first && { code: first.code, path: first.path, message: first.message };
}

let last = { text: "", moment: Number.NaN };

/** Milliseconds since 1970. The records of one answer have one receipt: it is read once. */
function momentOf(receivedAt: string): number {
  if (last.text !== receivedAt) last = { text: receivedAt, moment: Date.parse(receivedAt) };
  return Number.isNaN(last.moment) ? 2 ** 32 * 1000 : last.moment;
}
