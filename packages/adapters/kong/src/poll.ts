import type { Static } from "@sinclair/typebox";
import { contentId } from "@tributary/adapter-kit";
import type { Json, Page, Poll, PollHost } from "@tributary/adapter-kit";
import { adminPages } from "./admin-pages.ts";
import { konnectPages } from "./konnect-pages.ts";
import { pollOptions } from "./poll-options.ts";

/**
 * The poller of a gateway's Admin API (`/audit/requests`, `/audit/objects`) or of Konnect's audit log API (`/v3/audit-logs`).
 * Vendor pages: developer.konghq.com, "Kong Gateway audit logs", "Sort order of the Audit Log API response", Konnect API
 * "Audit Logs".
 */
export const poll: Poll<typeof pollOptions> = {
  options: pollOptions,
  requestsPerMinute: 240,
  history: "unordered",
  exclusive: ({ api, url, token }) => {
    const who = token === undefined ? "" : ` ${contentId(token.reveal(), 0, "token")}`;
    return api === "admin" ? `${api} ${url}` : `${api} ${url}${who}`;
  },
  pages: (cursor: Json | undefined, host: PollHost<Static<typeof pollOptions>>): AsyncGenerator<Page, void, void> =>
    host.options.api === "admin" ? adminPages(cursor, host) : konnectPages(cursor, host),
};
