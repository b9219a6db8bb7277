/**
 * The operation of one try of a request. The host tries again when no answer came, and `next` must not be sent twice: had the first
 * one reached Netskope, its page would be passed over. From the second time on it is `resend`, which gives that page, or the one
 * before it, which is known already.
 */
export function operationAt(attempt: number, operation: string): string {
  return operation === "next" && attempt > 1 ? "resend" : operation;
}
