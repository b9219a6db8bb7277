import type { Static } from "@sinclair/typebox";
import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, Page, PollHost } from "@tributary/adapter-kit";
import { readAnswer, VendorError, vendorNow } from "@tributary/adapter-kit/poll";
import { cursorOf, stateOf } from "./konnect-state.ts";
import type { KonnectState } from "./konnect-state.ts";
import type { pollOptions } from "./poll-options.ts";

type Host = PollHost<Static<typeof pollOptions>>;

const day = 86_400_000;
/** Konnect keeps its audit log so long. */
const retention = 7 * day;
/** The end of a window stays so far behind the present. */
const margin = 60_000;
/** This machine's clock may be ahead of Konnect's by so much before the windows go by Konnect's: less than the margin. */
const bearable = 30_000;

/** A page: its bytes, whether it holds anything, and the API's cursor of the page after it. */
interface Listed {
  readonly bytes: Uint8Array;
  readonly empty: boolean;
  readonly after: string | undefined;
  /** Konnect's clock, ms. */
  readonly vendorNow: number;
}

/**
 * Reads `/v3/audit-logs` of Konnect in closed windows of time, at most a day each (twice the overlap where that is more), each a
 * little over the one before: the API does not say in which order it answers. A cursor that has expired begins its window again.
 */
export async function* konnectPages(cursor: Json | undefined, host: Host): AsyncGenerator<Page, void, void> {
  const { overlapSeconds, intervalSeconds } = host.options;
  let state = stateOf(cursor, host.since);
  const longest = Math.max(day, 2 * overlapSeconds * 1000);
  let restarts = 0;
  // By how much this machine's clock is ahead of Konnect's.
  let ahead = 0;
  for (;;) {
    const now = host.now() - ahead;
    const newest = now - margin;
    const from = state.window === undefined ? Math.max(state.from, now - retention) : state.from;
    const window = state.window ?? { to: Math.min(newest, from + longest) };
    if (window.to <= from) {
      yield {
        body: new Uint8Array(),
        format: "json",
        cursor: cursorOf(state),
        waitSeconds: intervalSeconds,
        caughtUp: true,
      };
      continue;
    }
    const listed = await list(host, { from, window });
    if (listed === "cursor-refused") {
      restarts += 1;
      if (restarts > 1)
        throw new VendorError(
          "VENDOR_ANSWER_INVALID",
          "Konnect refuses the cursors that it gave; it is asked again later.",
        );
      // Without its window: what Konnect no longer keeps is not asked for.
      state = { from };
      continue;
    }
    const measured = Math.max(0, host.now() - listed.vendorNow);
    if (state.window === undefined && measured > ahead + bearable) {
      // The window was no closed one, or began later than what Konnect still keeps.
      ahead = measured;
      continue;
    }
    ahead = Math.min(ahead, measured);
    const ended = listed.after === undefined;
    if (ended) restarts = 0;
    state = ended
      ? { from: Math.max(from, window.to - overlapSeconds * 1000) }
      : { from, window: { to: window.to, after: listed.after } };
    const caughtUp = ended && window.to > newest - margin;
    yield {
      body: listed.empty ? new Uint8Array() : listed.bytes,
      format: "json",
      cursor: cursorOf(state),
      // A window that ends well before now is followed by the next one at once.
      waitSeconds: caughtUp ? intervalSeconds : 0,
      caughtUp,
    };
  }
}

async function list(
  { options, fetch, now }: Host,
  { from, window }: Required<KonnectState>,
): Promise<Listed | "cursor-refused"> {
  const what = "audit logs of Konnect";
  const url = new URL("/v3/audit-logs", options.url);
  if (url.protocol !== "https:")
    throw new VendorError("VENDOR_REFUSED", "Konnect is asked by https only: check the option url.");
  url.searchParams.set("filter[ts][gte]", new Date(from).toISOString());
  url.searchParams.set("filter[ts][lte]", new Date(window?.to ?? from).toISOString());
  url.searchParams.set("page[size]", String(options.pageSize));
  if (window?.after !== undefined) url.searchParams.set("page[after]", window.after);
  const headers: Record<string, string> = { Accept: "application/json" };
  if (options.token !== undefined) headers["Authorization"] = `Bearer ${options.token.reveal()}`;
  const accept = window?.after === undefined ? [200] : [200, 400];
  const { status, headers: told, bytes, value } = await readAnswer(await fetch(url, { headers }), { what, accept });
  if (status === 400) return "cursor-refused";
  const data = valueAt(value, "data");
  const next = valueAt(value, "meta", "page", "next");
  const after = typeof next === "string" ? afterOf(next) : undefined;
  if (!Array.isArray(data) || next === undefined || (next !== null && after === undefined))
    throw new VendorError("VENDOR_ANSWER_INVALID", `The answer for ${what} has no data or no meta.page.next.`);
  // A cursor that leads to itself would be followed for ever.
  if (after !== undefined && after === window?.after)
    throw new VendorError("VENDOR_ANSWER_INVALID", `The answer for ${what} leads to itself.`);
  return { bytes, empty: data.length === 0, after, vendorNow: vendorNow(told, { now }) };
}

/** The cursor in a link, of which nothing else is used: links come without the API's version. */
function afterOf(link: string): string | undefined {
  if (!URL.canParse(link, "https://konnect.invalid")) return undefined;
  return textAt({ after: new URL(link, "https://konnect.invalid").searchParams.get("page[after]") }, "after");
}
