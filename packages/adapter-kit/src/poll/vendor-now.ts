import type { PollHost } from "../contract/poll.ts";

/**
 * The vendor's clock as an answer's Date shows it, ms; the host's where there is none. For bounds of what may be left out, which the
 * host's own clock must not move.
 */
export function vendorNow(headers: Headers, { now }: Pick<PollHost<unknown>, "now">): number {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? now() : date;
}
