import { isObject, textAt, TributaryError, valueAt } from "@tributary/adapter-kit";
import type { Json, Poll } from "@tributary/adapter-kit";
import { linkWithin, readAnswer, retryAfterSeconds, VendorError, vendorNow } from "@tributary/adapter-kit/poll";
import type { Answer } from "@tributary/adapter-kit/poll";
import { firstPass, nextPass, resumed } from "./poll-cursor.ts";
import type { Pass } from "./poll-cursor.ts";
import { PollOptions } from "./poll-options.ts";
import type { SnykPollOptions } from "./poll-options.ts";
import { signedIn } from "./signed-in.ts";

/** The version of the REST API whose answers are read. */
const version = "2024-04-29";
/** Answers to a cursor that Snyk no longer takes. */
const lapsed: ReadonlySet<number> = new Set([400, 404, 410]);

/**
 * The audit logs of an organization or a group by the REST API. Each pass asks for all since the last one less the overlap,
 * oldest first, page by page. Vendor page: docs.snyk.io, REST API, "Search audit logs", version 2024-04-29.
 */
export const poll: Poll<typeof PollOptions> = {
  options: PollOptions,
  /** Of 1,620 a minute for a key, which others may use too. */
  requestsPerMinute: 300,
  history: "ordered",
  exclusive: ({ api, scope, events, excludeEvents }) =>
    [new URL(api).origin, scope, ...(events ?? []), ...(excludeEvents ?? []).map((event) => `-${event}`)].join(" "),

  async *pages(cursor, host) {
    const { options } = host;
    if (options.events !== undefined && options.excludeEvents !== undefined)
      throw new TributaryError("Give events or excludeEvents: Snyk takes one of the two.", { code: "OPTIONS_INVALID" });
    const send = signedIn(host);
    const api = new URL(options.api);
    const stored = resumed(cursor);
    const earliest = stored?.from ?? host.since;
    let first = stored?.next === undefined;
    let pass = stored?.next === undefined ? firstPass(earliest, host.now()) : stored;
    let lapses = 0;
    for (;;) {
      const response = await send(search(api, pass, options), { headers: { Accept: "application/vnd.api+json" } });
      if (pass.next !== undefined && lapsed.has(response.status) && lapses < 3) {
        // The cursor is not taken any more: the search is made again from where it was, less the overlap.
        await response.body?.cancel();
        lapses += 1;
        pass = nextPass(pass, options.overlapMinutes);
        continue;
      }
      const answer = await readAnswer(response, { what: `the audit logs of ${options.scope}` });
      const items = itemsOf(answer);
      const now = vendorNow(answer.headers, host);
      const right = firstPass(earliest, now);
      if (first && right.from < pass.from) {
        // The host's clock is ahead: it must not leave out what Snyk still keeps.
        pass = right;
        first = false;
        continue;
      }
      first = false;
      const newest = latest([pass.newest, ...items.map((item) => timeOf(item))]);
      const here: Pass = { ...pass, began: pass.began ?? now, ...(newest === undefined ? {} : { newest }) };
      const next = nextOf(answer, api);
      const more = next !== undefined && next !== pass.next;
      if (!more) lapses = 0;
      pass = more ? { ...here, next } : nextPass(here, options.overlapMinutes);
      yield {
        body: items.length === 0 ? new Uint8Array() : answer.bytes,
        format: "json",
        cursor: { ...pass },
        waitSeconds: more ? 0 : options.pollSeconds,
        caughtUp: !more,
      };
    }
  },

  /** A key that asked too often is refused until it has been idle for the interval, a minute. */
  pause: ({ status, headers }, now) => {
    if (status !== 429) return undefined;
    const reset = Number(/^\d{1,6}/.exec(headers.get("x-ratelimit-reset") ?? "")?.[0] ?? "0");
    return Math.max(61, reset, retryAfterSeconds(headers, now) ?? 0);
  },
};

function search(api: URL, { from, next }: Pass, { scope, events = [], excludeEvents = [] }: SnykPollOptions): URL {
  const url = new URL(`/rest/${scope}/audit_logs/search`, api);
  const parameters = { version, from, size: "100", sort_order: "ASC" };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  for (const event of events) url.searchParams.append("events", event);
  for (const event of excludeEvents) url.searchParams.append("exclude_events", event);
  if (next !== undefined) url.searchParams.set("cursor", next);
  return url;
}

/** The records of an answer; none where Snyk leaves `items` out. */
function itemsOf({ value }: Answer): readonly Json[] {
  const data = valueAt(value, "data");
  const items = valueAt(data, "items") ?? [];
  if (!isObject(data) || valueAt(value, "jsonapi") === undefined || !Array.isArray(items))
    throw new VendorError(
      "VENDOR_ANSWER_INVALID",
      "Snyk's answer is no page of audit logs: it lacks jsonapi and data.",
    );
  return items as readonly Json[];
}

/** The cursor in the link to the next page, which is a text or an object with `href`, absolute or not. */
function nextOf({ value }: Answer, api: URL): string | undefined {
  const link = textAt(value, "links", "next") ?? textAt(value, "links", "next", "href");
  if (link === undefined) return undefined;
  const next = linkWithin(api, link).searchParams.get("cursor") ?? "";
  if (next === "")
    throw new VendorError(
      "VENDOR_ANSWER_INVALID",
      "Snyk's link to the next page holds no cursor: it cannot be followed.",
    );
  return next;
}

function timeOf(item: Json): number | undefined {
  const created = Date.parse(textAt(item, "created") ?? "");
  return Number.isNaN(created) ? undefined : created;
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : known.reduce((one, other) => Math.max(one, other));
}
