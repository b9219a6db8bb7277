import type { PollRequest } from "@tributary/adapter-kit";

/**
 * The request of an iterator's operation. The host tries again when no answer came, and `next` must not be sent twice: had the first
 * one reached Netskope, its page would be passed over. From the second time on it is `resend`, which gives that page, or the one
 * before it, which is known already.
 */
export function operate(iterator: URL, operation: string, headers: Record<string, string>): [URL, PollRequest] {
  return [at(iterator, operation), { headers, again: at(iterator, operation === "next" ? "resend" : operation) }];
}

function at(iterator: URL, operation: string): URL {
  const url = new URL(iterator);
  url.searchParams.set("operation", operation);
  return url;
}
