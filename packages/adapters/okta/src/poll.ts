import type { Json, Poll, PollHost } from "@tributary/adapter-kit";
import { linkOf, linkWithin, readAnswer, retryAfterSeconds, VendorError, vendorNow } from "@tributary/adapter-kit/poll";
import { movedOn, readCursor, withinRetention, writeCursor } from "./poll-cursor.ts";
import { PollOptions } from "./poll-options.ts";
import type { OktaPollOptions } from "./poll-options.ts";
import { signedIn } from "./signed-in.ts";

/** Answers to a link that Okta no longer takes. */
const forgotten: ReadonlySet<number> = new Set([400, 404, 410]);

/**
 * The System Log as Okta means it to be polled: ascending, without an end, so that events come in the order in which Okta
 * stored them and late ones come late; from page to page by the `next` link, which the last page has too.
 * Vendor page: developer.okta.com, System Log query, "Polling requests".
 */
export const poll: Poll<typeof PollOptions> = {
  options: PollOptions,
  // A token may by default use half of a limit, which for /api/v1/logs is taken to be 120 a minute.
  requestsPerMinute: 50,

  history: "ordered",
  exclusive: (options) => `${new URL(options.orgUrl).origin}/api/v1/logs`,

  pause: ({ status, headers }, now) => {
    if (status !== 429) return undefined;
    const reset = Number(headers.get("x-rate-limit-reset") ?? Number.NaN);
    // Epoch seconds of Okta's clock, which its Date header shows.
    const seconds = reset - vendorNow(headers, { now: () => now }) / 1000;
    return seconds > 0 ? Math.ceil(seconds) + 1 : retryAfterSeconds(headers, now);
  },

  async *pages(cursor, host) {
    const send = signedIn(host);
    const api = new URL("/api/v1/logs", host.options.orgUrl);
    const { pageSize, pollSeconds } = host.options;
    let { since, next } = readCursor(cursor, withinRetention(host.since, host.now()));
    for (;;) {
      const response = await send(next === undefined ? beginning(api, since, host) : linkWithin(api, next), {
        headers: { Accept: "application/json" },
      });
      if (next !== undefined && forgotten.has(response.status)) {
        await response.body?.cancel();
        next = undefined;
        continue;
      }
      const { bytes, headers, value } = await readAnswer(response, { what: "events of Okta's System Log" });
      const events = eventsOf(value);
      const link = linkOf(headers, "next");
      if (link === undefined)
        throw new VendorError("VENDOR_ANSWER_INVALID", "Okta's answer has no next link, which every page has.");
      const { pathname, search } = linkWithin(api, link);
      next = pathname + search;
      since = movedOn(since, events, vendorNow(headers, host));
      yield {
        body: events.length === 0 ? new Uint8Array() : bytes,
        format: "json",
        cursor: writeCursor({ since, next }),
        waitSeconds: events.length < pageSize ? pollSeconds : 0,
        caughtUp: events.length < pageSize,
      };
    }
  },
};

function beginning(api: URL, since: string, { options, now }: PollHost<OktaPollOptions>): URL {
  const url = new URL(api);
  url.searchParams.set("since", withinRetention(since, now()));
  url.searchParams.set("sortOrder", "ASCENDING");
  url.searchParams.set("limit", String(options.pageSize));
  return url;
}

function eventsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value as readonly Json[];
  throw new VendorError("VENDOR_ANSWER_INVALID", "Okta's answer is not a page of events.");
}
