import type { Static } from "@sinclair/typebox";
import { contentId, textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, Page, Poll, PollHost } from "@tributary/adapter-kit";
import { readAnswer, retryAfterSeconds, VendorError, vendorNow } from "@tributary/adapter-kit/poll";
import type { Answer } from "@tributary/adapter-kit/poll";
import { pollOptions } from "./poll-options.ts";
import { cursorOf, stateOf } from "./poll-state.ts";
import type { PollState } from "./poll-state.ts";

type Host = PollHost<Static<typeof pollOptions>>;

/** The most that one answer lists. */
const limit = 20;

/** An entry of a list: what steers the poller. */
interface Listed {
  readonly id: string | undefined;
  /** Undefined where it says none that can be read. */
  readonly date: number | undefined;
}

/**
 * The poller of `GET /api/v2/auditlog`. The API lists the newest first, pages by the time of the last entry, and says
 * neither whether `before` includes it nor how entries of one millisecond are told apart: each page overlaps the one
 * before it by a millisecond, each round the one before it by `overlapSeconds`. What is read twice has one id.
 * Vendor page: launchdarkly.com/docs/api, "Audit log", "Rate limiting".
 */
export const poll: Poll<typeof pollOptions> = {
  options: pollOptions,
  // The limits are not published, are counted over 10 seconds, and all tokens of an account share them.
  requestsPerMinute: 120,
  history: "unordered",
  exclusive: ({ url, spec, token }) => `${new URL(url).host} ${spec ?? "*"} ${contentId(token.reveal(), 0, "token")}`,
  pause: ({ status, headers }, now) => {
    if (status !== 429 || retryAfterSeconds(headers, now) !== undefined) return undefined;
    const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
    // Both times are the vendor's where it says what time it is: its clock and this one may differ.
    const seconds = (reset - vendorNow(headers, { now: () => now })) / 1000;
    return Number.isNaN(seconds) ? undefined : Math.min(60, Math.max(1, Math.ceil(seconds)));
  },
  pages,
};

async function* pages(cursor: Json | undefined, host: Host): AsyncGenerator<Page, void, void> {
  const { details, intervalSeconds, overlapSeconds } = host.options;
  let state = stateOf(cursor, host.since);
  // Entries of the overlap that were fetched in full already, with their times.
  const fetched = new Map<string, number>();
  for (;;) {
    const answer = await list(host, state);
    const entries = entriesOf(answer.value);
    const more = hasMore(answer.value, entries);
    const next = following(state, entries, {
      more,
      now: vendorNow(answer.headers, host),
      overlap: overlapSeconds * 1000,
    });
    const caughtUp = next.round === undefined;
    const waitSeconds = caughtUp ? intervalSeconds : 0;
    if (details) {
      const fresh = entries.filter((entry) => entry.id === undefined || !fetched.has(entry.id));
      yield* inFull(host, fresh, answer.bytes, state);
      yield { body: new Uint8Array(), format: "json", cursor: cursorOf(next), waitSeconds, caughtUp };
      remember(fetched, entries, next, overlapSeconds * 1000);
    } else {
      yield {
        body: entries.length === 0 ? new Uint8Array() : answer.bytes,
        format: "json",
        cursor: cursorOf(next),
        waitSeconds,
        caughtUp,
      };
    }
    state = next;
  }
}

/** Where to go on: further back in this round, or in a new one that begins a little before the newest entry. Times in ms. */
function following(
  state: PollState,
  entries: readonly Listed[],
  { more, now, overlap }: { readonly more: boolean; readonly now: number; readonly overlap: number },
): PollState {
  const dates = entries.flatMap(({ date }) => date ?? []);
  // An entry dated in the future must not move the next rounds past the others.
  const first = state.round === undefined ? dates.map((date) => Math.min(date, now)) : [];
  const newest = Math.max(state.round?.newest ?? state.after, ...first);
  if (more && dates.length > 0) {
    // One millisecond of the page again, and always at least one further back.
    const before = Math.min(Math.min(...dates) + 1, (state.round?.before ?? Number.POSITIVE_INFINITY) - 1);
    if (before > state.after) return { after: state.after, round: { newest, before } };
  }
  return { after: Math.max(state.after, newest - overlap) };
}

async function list({ options, fetch }: Host, { after, round }: PollState): Promise<Answer> {
  const url = new URL("/api/v2/auditlog", options.url);
  url.searchParams.set("limit", String(limit));
  // `after` is exclusive in the API's words.
  url.searchParams.set("after", String(Math.max(0, after - 1)));
  if (round !== undefined) url.searchParams.set("before", String(round.before));
  if (options.spec !== undefined) url.searchParams.set("spec", options.spec);
  return readAnswer(await fetch(url, request(options)), { what: "audit log entries of LaunchDarkly" });
}

/** The token stands alone: LaunchDarkly knows no scheme. */
function request({ token }: Host["options"]): RequestInit {
  return { headers: { Accept: "application/json", Authorization: token.reveal() } };
}

/** Throws `VENDOR_ANSWER_INVALID` for an answer without the list, which is not the same as an empty list. */
function entriesOf(value: Json): readonly Listed[] {
  const items = valueAt(value, "items");
  if (!Array.isArray(items))
    throw new VendorError("VENDOR_ANSWER_INVALID", "The answer for audit log entries of LaunchDarkly has no items.");
  return (items as readonly Json[]).map((item) => {
    const date = Number(textAt(item, "date") ?? Number.NaN);
    return { id: textAt(item, "_id"), date: Number.isFinite(date) ? date : undefined };
  });
}

function hasMore(value: Json, entries: readonly Listed[]): boolean {
  return entries.length >= limit || textAt(value, "_links", "next", "href") !== undefined;
}

/**
 * The entries one by one, each a page of its own that leaves the cursor where it is. An entry that can be listed and not
 * fetched is sent as it was listed, with its page.
 */
async function* inFull(
  host: Host,
  entries: readonly Listed[],
  listed: Uint8Array,
  state: PollState,
): AsyncGenerator<Page, void, void> {
  const cursor = cursorOf(state);
  let missing = false;
  for (const { id } of entries) {
    const entry = id === undefined ? undefined : await fetchEntry(host, id);
    if (entry === undefined) missing = true;
    else yield { body: entry, format: "json", cursor, waitSeconds: 0 };
  }
  if (missing) yield { body: listed, format: "json", cursor, waitSeconds: 0 };
}

async function fetchEntry({ options, fetch }: Host, id: string): Promise<Uint8Array | undefined> {
  const url = new URL(`/api/v2/auditlog/${encodeURIComponent(id)}`, options.url);
  const what = "an audit log entry of LaunchDarkly";
  const answer = await readAnswer(await fetch(url, request(options)), { what, accept: [200, 404] });
  if (answer.status === 404) return undefined;
  if (textAt(answer.value, "_id") !== id)
    throw new VendorError("VENDOR_ANSWER_INVALID", `The answer for ${what} is another one.`);
  return answer.bytes;
}

/** Keeps the ids that the next pages may list again: of the last millisecond, and of the next round's overlap. */
function remember(fetched: Map<string, number>, entries: readonly Listed[], next: PollState, overlap: number): void {
  for (const { id, date } of entries) if (id !== undefined && date !== undefined) fetched.set(id, date);
  const from = next.round === undefined ? next.after : next.round.newest - overlap;
  for (const [id, date] of fetched) if (date < from && date + 1 !== next.round?.before) fetched.delete(id);
}
