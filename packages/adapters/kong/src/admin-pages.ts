import type { Static } from "@sinclair/typebox";
import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, Page, PollHost } from "@tributary/adapter-kit";
import { readAnswer, VendorError, vendorNow } from "@tributary/adapter-kit/poll";
import { cursorOf, stateOf, streams } from "./admin-state.ts";
import type { AdminState, Stream, StreamState } from "./admin-state.ts";
import type { pollOptions } from "./poll-options.ts";

type Host = PollHost<Static<typeof pollOptions>>;

/** How long to wait between walks through a whole log. */
const wholeSeconds = 900;

/** One answer: what steers the walk. */
interface Listed {
  readonly bytes: Uint8Array;
  /** Seconds of each record; undefined where it says none. */
  readonly times: readonly (number | undefined)[];
  readonly offset: string | undefined;
  /** Seconds of Kong's clock. */
  readonly vendorNow: number;
}

/**
 * Walks through `/audit/requests`, then `/audit/objects`, from their first page on by offsets, without filters: versions
 * before 3.9 lose them on the way. Since 3.4.3.8, 3.5.0.4, 3.6.1.5 and 3.7 the newest come first, and a walk ends where the
 * last one began, less the overlap. Older versions answer in no order of time, and so does a log whose records say no time:
 * there the whole log is read, every quarter of an hour. What comes twice has one id.
 */
export async function* adminPages(cursor: Json | undefined, host: Host): AsyncGenerator<Page, void, void> {
  const { objects, intervalSeconds } = host.options;
  let state = stateOf(cursor, host.since);
  let whole = false;
  let restarts = 0;
  for (;;) {
    const { turn } = state;
    if (turn === "objects" && !objects) {
      state = { ...state, turn: "requests" };
      continue;
    }
    const listed = await list(host, turn, state[turn]);
    if (listed === "offset-refused") {
      restarts += 1;
      if (restarts > 1)
        throw new VendorError(
          "VENDOR_ANSWER_INVALID",
          "The Admin API refuses the offsets that it gave; it is asked again later.",
        );
      state = { ...state, [turn]: { after: state[turn].after } };
      continue;
    }
    const { next, ordered } = following(state[turn], listed, host.options.overlapSeconds);
    const ended = next.walk === undefined;
    if (ended) restarts = 0;
    whole ||= ended && !ordered;
    const last = ended && turn === (objects ? streams[1] : streams[0]);
    state = afterTurn(state, next, ended);
    yield {
      body: listed.times.length === 0 ? new Uint8Array() : listed.bytes,
      format: "json",
      cursor: cursorOf(state),
      waitSeconds: last ? Math.max(intervalSeconds, whole ? wholeSeconds : 0) : 0,
      caughtUp: last,
    };
    if (last) whole = false;
  }
}

function afterTurn(state: AdminState, next: StreamState, ended: boolean): AdminState {
  const moved: AdminState = { ...state, [state.turn]: next };
  return ended ? { ...moved, turn: state.turn === "requests" ? "objects" : "requests" } : moved;
}

/** Where the walk goes on, or where the next one will end; and whether all of this one was in order. */
function following(
  { after, walk }: StreamState,
  { times, offset, vendorNow: now }: Listed,
  overlapSeconds: number,
): { readonly next: StreamState; readonly ordered: boolean } {
  let last = walk?.last;
  let ordered = walk?.ordered ?? true;
  for (const time of times) {
    if (time === undefined || (last !== undefined && time > last)) ordered = false;
    last = time ?? last;
  }
  // A record dated in the future must not end the next walks before the others.
  const newest =
    walk?.newest ?? Math.max(after, Math.min(now, Math.max(...times.filter((time) => time !== undefined))));
  const reached = ordered && last !== undefined && last < after;
  if (offset !== undefined && !reached) return { next: { after, walk: { offset, newest, last, ordered } }, ordered };
  return { next: { after: ordered ? Math.max(after, newest - overlapSeconds) : after }, ordered };
}

async function list(
  { options, fetch, now }: Host,
  stream: Stream,
  { walk }: StreamState,
): Promise<Listed | "offset-refused"> {
  const what = `audit ${stream} of Kong's Admin API`;
  const url = new URL(`audit/${stream}`, options.url.endsWith("/") ? options.url : `${options.url}/`);
  url.searchParams.set("size", String(options.pageSize));
  if (walk !== undefined) url.searchParams.set("offset", walk.offset);
  const headers: Record<string, string> = { Accept: "application/json" };
  if (options.token !== undefined) headers["Kong-Admin-Token"] = options.token.reveal();
  const accept = walk === undefined ? [200] : [200, 400];
  const { status, headers: told, bytes, value } = await readAnswer(await fetch(url, { headers }), { what, accept });
  if (status === 400) return "offset-refused";
  const rows = rowsOf(valueAt(value, "data"));
  if (rows === undefined) throw new VendorError("VENDOR_ANSWER_INVALID", `The answer for ${what} has no data.`);
  const offset = offsetOf(value);
  // An offset that leads to itself would be followed for ever.
  if (offset !== undefined && offset === walk?.offset)
    throw new VendorError("VENDOR_ANSWER_INVALID", `The answer for ${what} leads to itself.`);
  return { bytes, times: rows.map(secondsOf), offset, vendorNow: Math.floor(vendorNow(told, { now }) / 1000) };
}

/** Lua writes an empty table as `{}` now and then. */
function rowsOf(data: Json | undefined): readonly Json[] | undefined {
  if (Array.isArray(data)) return data as readonly Json[];
  return typeof data === "object" && data !== null && Object.keys(data).length === 0 ? [] : undefined;
}

/** `offset`, or the one in the link `next`, of which nothing else is used. */
function offsetOf(value: Json): string | undefined {
  const link = textAt(value, "next");
  if (link === undefined || !URL.canParse(link, "http://kong.invalid")) return textAt(value, "offset");
  return textAt(value, "offset") ?? new URL(link, "http://kong.invalid").searchParams.get("offset") ?? undefined;
}

/** Seconds; old versions count ms. */
function secondsOf(row: Json): number | undefined {
  const time = valueAt(row, "request_timestamp");
  if (typeof time !== "number") return undefined;
  return time < 1e11 ? time : Math.floor(time / 1000);
}
