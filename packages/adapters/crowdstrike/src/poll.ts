import { Type as T } from "@sinclair/typebox";
import type { Page, Poll } from "@tributary/adapter-kit";
import { SecretOption, vendorNow } from "@tributary/adapter-kit/poll";
import { falconApi } from "./falcon-api.ts";
import { feedCursor } from "./feed-cursor.ts";
import { feedPage } from "./feed-page.ts";
import { openFeeds } from "./open-feeds.ts";

const Options = T.Object({
  region: T.Union(
    [T.Literal("us-1"), T.Literal("us-2"), T.Literal("eu-1"), T.Literal("us-gov-1"), T.Literal("us-gov-2")],
    { default: "us-1", description: "The Falcon cloud of the tenant: the console's address names it." },
  ),
  clientId: T.String({ minLength: 1, description: "Client id of an API client with the scope Event streams: Read." }),
  clientSecret: SecretOption({ description: "Its secret." }),
  appId: T.String({
    pattern: "^[0-9A-Za-z]{1,32}$",
    default: "tributary",
    description: "Names the connection. No two readers of a tenant may share one.",
  }),
  eventTypes: T.Optional(
    T.Array(T.String({ pattern: "^[0-9A-Za-z]{1,64}$" }), {
      minItems: 1,
      description: "Event types to ask for, such as AuthActivityAuditEvent. Default: all.",
    }),
  ),
});

/** How long feeds that have nothing new are left alone: their lines wait in the connection. */
const quietSeconds = 5;
/** Feeds that are not connected are looked for this often: they are not listed while another connection holds them. */
const missingSeconds = 10;
/** And new ones this often. */
const lookSeconds = 1800;

/**
 * Event Streams: every feed (partition) of the tenant, each over one long connection, with one offset a feed in the cursor.
 * A page is what one chunk of a feed held, each line in an envelope that names its feed. A connection that drops goes on
 * after the last committed offset. Vendor page: developer.crowdstrike.com, "Event Streams".
 */
export const poll: Poll<typeof Options> = {
  options: Options,
  requestsPerMinute: 60,
  pause: ({ status, headers }, now) => {
    const until = headers.get("x-ratelimit-retryafter") ?? "";
    return status === 429 && /^\d{1,12}$/.test(until)
      ? Math.max(1, Math.ceil(Number(until) - vendorNow(headers, { now: () => now }) / 1000))
      : undefined;
  },
  exclusive: ({ region, clientId, appId }) => `${region} ${clientId} ${appId}`,

  async *pages(given, host) {
    const cursor = feedCursor(given);
    const page = (body: Uint8Array, waitSeconds: number): Page => ({
      body,
      format: "ndjson",
      cursor: cursor.toJson(),
      waitSeconds,
    });
    const nothing = new Uint8Array();
    const feeds = openFeeds(falconApi(host), cursor, host.now, host.signal);
    const quiet = new Set<string>();
    let lookedAt = Number.NEGATIVE_INFINITY;
    try {
      for (;;) {
        await feeds.refresh();
        if (host.now() - lookedAt >= 1000 * (feeds.missing() ? missingSeconds : lookSeconds)) {
          await feeds.open();
          lookedAt = host.now();
        }
        if (feeds.count() === 0) {
          yield page(nothing, missingSeconds);
          continue;
        }
        const { feed, lines } = await feeds.read();
        if (lines === undefined) {
          yield page(nothing, quietSeconds);
          continue;
        }
        const { body, count } = feedPage(feed, lines, cursor, host.since);
        if (count > 0) {
          quiet.clear();
          yield page(body, 0);
        } else if (lines.length > 0 && quiet.add(feed).size >= feeds.count()) {
          quiet.clear();
          yield page(nothing, quietSeconds);
        }
      }
    } finally {
      await feeds.close();
    }
  },
};
