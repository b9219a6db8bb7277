import { valueAt } from "@tributary/adapter-kit";
import type { Poll, PollHost } from "@tributary/adapter-kit";
import { Delivered, readAnswer, VendorError } from "@tributary/adapter-kit/poll";
import { pageSize, readEventsPage } from "./events-page.ts";
import { latest, overlapping, readCursor, writeCursor } from "./poll-cursor.ts";
import type { PollCursor } from "./poll-cursor.ts";
import { PollOptions } from "./poll-options.ts";
import type { OneLoginPollOptions } from "./poll-options.ts";
import { signedIn } from "./signed-in.ts";

/** A reading that begins again more often gets nowhere. */
const mostLosses = 3;

/**
 * The Events API, read from a time to the present, page by page, again and again: each reading begins a little before the
 * latest event of the last one, since neither the order of events nor their delay is documented.
 * Vendor pages: developers.onelogin.com, Get Events; Using Query Parameters; Get Rate Limit.
 */
export const poll: Poll<typeof PollOptions> = {
  options: PollOptions,
  // 5,000 an hour are the whole account's: other programs keep a quarter.
  requestsPerMinute: 60,

  history: "unordered",
  exclusive: (options) => `${new URL(options.url).origin}/api/1/events`,

  pause: ({ status, headers }) => {
    if (status !== 429 && status !== 400) return undefined;
    // Seconds from now, not an epoch; a 400 with calls left is an error of the request.
    const reset = headers.get("x-ratelimit-reset") ?? "";
    return headers.get("x-ratelimit-remaining") === "0" && /^\d{1,5}$/.test(reset) ? Number(reset) + 1 : undefined;
  },

  async *pages(cursor, host) {
    const { pollSeconds, overlapSeconds } = host.options;
    const send = signedIn(host);
    const delivered = new Delivered();
    // "After" leaves out what happened just then.
    let at = readCursor(cursor, new Date(Date.parse(host.since) - 1000).toISOString());
    // How often a reading began again, in a row.
    let losses = 0;
    for (;;) {
      // A clock that was set back must not make a span that ends before it begins, which is an error of the request.
      const until = at.until ?? new Date(Math.max(host.now(), Date.parse(at.since) + 1000)).toISOString();
      const page = await readEventsPage(await send(pageUrl({ ...at, until }, host)), at.next !== undefined);
      if (page.kind === "lost") {
        losses += 1;
        if (losses > mostLosses)
          throw new VendorError("VENDOR_ANSWER_INVALID", "OneLogin no longer takes the cursors that it gave just now.");
        at = { since: at.since };
        continue;
      }
      if (page.kind === "limited") {
        const waitSeconds = await untilReset(send, host);
        yield { body: new Uint8Array(), format: "json", cursor: writeCursor(at), waitSeconds };
        continue;
      }
      const { events, bytes, next } = page;
      if (next !== undefined && next === at.next)
        throw new VendorError("VENDOR_ANSWER_INVALID", "OneLogin's answer leads to itself.");
      if (next === undefined) losses = 0;
      const read = { since: at.since, until, next, seen: latest(at.seen, events) };
      at = next === undefined ? overlapping(read, overlapSeconds) : read;
      yield {
        body: delivered.hasNews(events) ? bytes : new Uint8Array(),
        format: "json",
        cursor: writeCursor(at),
        waitSeconds: next === undefined ? pollSeconds : 0,
        caughtUp: next === undefined,
      };
      delivered.add(events);
    }
  },
};

function pageUrl({ since, until = "", next }: PollCursor, { options }: PollHost<OneLoginPollOptions>): URL {
  const url = new URL("/api/1/events", options.url);
  const query = new URLSearchParams({ since, until, limit: String(pageSize) });
  // Whether OneLogin's own query repeats the others is not documented.
  for (const [key, value] of new URLSearchParams(next)) query.set(key, value);
  url.search = query.toString();
  return url;
}

/** Seconds until the account may call again, as OneLogin says; a minute where it does not. */
async function untilReset(
  send: PollHost<OneLoginPollOptions>["fetch"],
  { options }: PollHost<OneLoginPollOptions>,
): Promise<number> {
  const { value } = await readAnswer(await send(new URL("/auth/rate_limit", options.url)), {
    what: "the rate limit of OneLogin",
    accept: [200, 400],
  });
  const seconds = valueAt(value, "data", "X-RateLimit-Reset");
  return typeof seconds === "number" && seconds >= 0 ? Math.min(3600, Math.ceil(seconds) + 1) : 60;
}
