import { Delivered } from "@tributary/adapter-kit/poll";
import type { Poll, PollHost } from "@tributary/adapter-kit";
import { readAuditPage } from "./audit-page.ts";
import { PollOptions } from "./poll-options.ts";
import type { ClumioPollOptions } from "./poll-options.ts";
import { isWindow, nextWindow, readCursor, withinRetention } from "./poll-window.ts";
import type { PollCursor, PollWindow } from "./poll-window.ts";

/** Cursors count pages of this size. */
const pageSize = 100;

/**
 * The audit trails, read in windows that are closed: pages are numbered from the newest event on, so that in a window
 * that still grows they would drift. What comes late moves events to later pages, where they are read twice, and is itself read by
 * the next window, which overlaps this one.
 * Vendor pages: help.clumio.com, List audit trails; Audit report; API throttling.
 */
export const poll: Poll<typeof PollOptions> = {
  options: PollOptions,
  // 100 a second are allowed, to all programs of the organization together.
  requestsPerMinute: 120,

  history: "ordered",
  exclusive: ({ url, organizationalUnit = "" }) => `${new URL(url).origin}/audit-trails ${organizationalUnit}`,

  async *pages(cursor, host) {
    const { pollSeconds, marginSeconds, overlapMinutes } = host.options;
    const delivered = new Delivered();
    const begin = withinRetention(host.since, host.now());
    let at = readCursor(cursor, begin);
    // By how much the host's clock is ahead of Clumio's, as far as that matters.
    let ahead = 0;
    for (;;) {
      const closed = host.now() - ahead - marginSeconds * 1000;
      const window = isWindow(at) ? at : nextWindow({ to: at.to, begin, overlapMs: overlapMinutes * 60_000, closed });
      if (window === undefined) {
        yield { body: new Uint8Array(), format: "json", cursor: written(at), waitSeconds: pollSeconds, caughtUp: true };
        continue;
      }
      const { bytes, events, next, vendorNow } = await readAuditPage(
        await host.fetch(...request(window, host)),
        window.start,
      );
      if (!isWindow(at) && vendorNow !== undefined && vendorNow < Date.parse(window.to)) {
        ahead = host.now() - vendorNow;
        continue;
      }
      at = next === undefined ? { to: window.to } : { ...window, start: next };
      const caughtUp = next === undefined && closed - Date.parse(window.to) <= pollSeconds * 1000;
      yield {
        body: delivered.hasNews(events) ? bytes : new Uint8Array(),
        format: "json",
        cursor: written(at),
        waitSeconds: caughtUp ? pollSeconds : 0,
        caughtUp,
      };
      delivered.add(events);
    }
  },
};

const written = (at: PollCursor) => ({ v: 1, ...at });

function request({ from, to, start }: PollWindow, { options }: PollHost<ClumioPollOptions>): [URL, RequestInit] {
  const url = new URL("/audit-trails", options.url);
  url.searchParams.set("limit", String(pageSize));
  url.searchParams.set("start", start);
  url.searchParams.set("filter", JSON.stringify({ start_timestamp: { $gte: from, $lt: to } }));
  const headers = new Headers({
    Accept: "application/api.clumio.audit-trails=v1+json",
    Authorization: `Bearer ${options.token.reveal().trim()}`,
  });
  if (options.organizationalUnit !== undefined)
    headers.set("X-Clumio-OrganizationalUnit-Context", options.organizationalUnit);
  return [url, { headers }];
}
