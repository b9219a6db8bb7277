import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { readAnswer, VendorError } from "@tributary/adapter-kit/poll";
import { isLimited } from "./is-limited.ts";

/** The most events that one answer holds. */
export const pageSize = 50;

/** Longer queries are no cursor's. */
const longestQuery = 4096;

/** An answer of the Events API. */
export type EventsPage =
  | {
      readonly kind: "page";
      readonly bytes: Uint8Array;
      readonly events: readonly Json[];
      readonly next: string | undefined;
    }
  /** More than 5,000 calls in an hour, of all programs of the account. */
  | { readonly kind: "limited" }
  /** The place in the pages is no longer known, or was never. */
  | { readonly kind: "lost" };

const what = "events of OneLogin";

/**
 * Reads an answer. Errors are told by the HTTP status, by `status` in the body, or by both; the limit of calls was seen as
 * 400 "rate_limit_exceeded".
 * Vendor page: developers.onelogin.com, Get Events.
 */
export async function readEventsPage(response: Response, within: boolean): Promise<EventsPage> {
  const { status, bytes, value } = await readAnswer(response, {
    what,
    accept: within ? [200, 400, 404, 410] : [200, 400],
  });
  if (isLimited(value)) return { kind: "limited" };
  if (status !== 200 || valueAt(value, "status", "error") === true) {
    if (within) return { kind: "lost" };
    const code = textAt(value, "status", "code") ?? String(status);
    throw new VendorError("VENDOR_REFUSED", `OneLogin refused ${what} with ${code}: check the options.`);
  }
  const events = valueAt(value, "data");
  if (!Array.isArray(events))
    throw new VendorError("VENDOR_ANSWER_INVALID", "OneLogin's answer holds no list of events.");
  const pagination = valueAt(value, "pagination");
  if (events.length >= pageSize && (typeof pagination !== "object" || pagination === null))
    throw new VendorError("VENDOR_ANSWER_INVALID", "OneLogin's answer is full and does not say whether there is more.");
  return { kind: "page", bytes, events: events as readonly Json[], next: nextQuery(pagination) };
}

/**
 * The query of `next_link`, by which the API says that there is more. Its host may be another name of the same API, so the link
 * itself is not followed: only the query goes to the address that the options name. Throws `VENDOR_ANSWER_INVALID` for a link
 * that leads nowhere: taken for the end, what is behind it would be skipped.
 */
function nextQuery(pagination: Json | undefined): string | undefined {
  const link = textAt(pagination, "next_link");
  if (link === undefined) return undefined;
  const search = URL.canParse(link, "https://api.onelogin.com") ? new URL(link, "https://api.onelogin.com").search : "";
  if (search.length > 1 && search.length <= longestQuery) return search;
  throw new VendorError("VENDOR_ANSWER_INVALID", "OneLogin's answer says that there is more, and not where.");
}
