import type { Static } from "@sinclair/typebox";
import { textAt } from "@tributary/adapter-kit";
import type { Json, JsonObject, Page, Poll, PollHost } from "@tributary/adapter-kit";
import { VendorError } from "@tributary/adapter-kit/poll";
import { graphql } from "./graphql.ts";
import type { Ask, Connection } from "./graphql.ts";
import { pollOptions } from "./poll-options.ts";
import { cursorOf, stateOf, streams } from "./poll-state.ts";
import type { Stream, StreamState } from "./poll-state.ts";
import { queries } from "./queries.ts";

type Host = PollHost<Static<typeof pollOptions>>;

const day = 86_400_000;
/** Entries are kept, and can be asked for, so long. */
const retention = 180 * day;
/** The end of a window stays so far behind this machine's clock, which may be ahead of Wiz's. */
const margin = 60_000;
/** The largest page. */
const mostNodes = 5000;
/** Three requests a second are allowed to a service account. */
const pauseSeconds = 0.4;

/**
 * The poller of `auditLogEntries`, and of `issuesV2` where issues are asked for. The API does not say in which order it
 * answers, so it reads closed windows of time, each to its last page, each a little over the one before. The API's cursor is
 * the time of the last record, and what else has that very time may be passed over at the end of a page: it is asked for once
 * more by its time.
 * Vendor pages: docs.wiz.io (for customers); docs.swimlane.com, "Pull Audit Logs".
 */
export const poll: Poll<typeof pollOptions> = {
  options: pollOptions,
  requestsPerMinute: 150,
  history: "ordered",
  exclusive: ({ url, clientId }) => `${new URL(url).host} ${clientId}`,
  pages,
};

async function* pages(cursor: Json | undefined, host: Host): AsyncGenerator<Page, void, void> {
  const ask = graphql(host);
  let state = stateOf(cursor, host.since);
  /** How far this machine's clock is ahead of Wiz's, ms, where the margin does not hide it. */
  let ahead = 0;
  const here = { ...host, now: () => host.now() - ahead };
  for (;;) {
    let caughtUp = true;
    for (const stream of streams) {
      if (stream === "issues" && !host.options.issues) continue;
      const { window, from } = state[stream];
      const to = window?.to ?? Math.min(here.now() - margin, Math.max(from, here.now() - retention) + day);
      if (to <= from) continue;
      if (to < here.now() - 2 * margin) caughtUp = false;
      for await (const { body, next, now } of windowPages(ask, stream, beginning(state[stream], here, to), host)) {
        if (now !== undefined) ahead = host.now() - now > margin ? host.now() - now : 0;
        if (window === undefined && state[stream].window === undefined && now !== undefined && now < to) {
          // The window would end in Wiz's future, and what comes until then be passed over: it is asked for anew.
          caughtUp = false;
          break;
        }
        state = { ...state, [stream]: next };
        yield { body, format: "json", cursor: cursorOf(state), waitSeconds: pauseSeconds };
      }
    }
    if (caughtUp)
      yield {
        body: new Uint8Array(),
        format: "json",
        cursor: cursorOf(state),
        waitSeconds: host.options.intervalSeconds,
        caughtUp: true,
      };
  }
}

/** The window under way, or a new one, no further back than Wiz keeps entries. */
function beginning({ from, window }: StreamState, host: Host, to: number): Required<StreamState> {
  return { from: window === undefined ? Math.max(from, host.now() - retention) : from, window: window ?? { to } };
}

interface WindowPage {
  readonly body: Uint8Array;
  readonly next: StreamState;
  /** Wiz's clock at the answer, ms; undefined where there was none. */
  readonly now: number | undefined;
}

/** The pages of one window, each with the state that is true once it is committed. */
async function* windowPages(
  ask: Ask,
  stream: Stream,
  begin: Required<StreamState>,
  { options }: Host,
): AsyncGenerator<WindowPage, void, void> {
  const { from } = begin;
  let { window } = begin;
  let refusals = 0;
  while (window !== undefined) {
    const { to, after, edge }: NonNullable<StreamState["window"]> = window;
    const span = edge === undefined ? { from, to } : { from: edge, to: edge };
    const answer = await ask(
      queries[stream],
      edge === undefined
        ? variablesOf(stream, span, after, options.pageSize)
        : variablesOf(stream, span, undefined, mostNodes),
    );
    let next: StreamState;
    if (answer === "cursor-refused") {
      // The cursor has expired: the window again, from its beginning. A new one that is refused too is another matter.
      refusals += 1;
      if (refusals > 1)
        throw new VendorError(
          "VENDOR_ANSWER_INVALID",
          "Wiz refuses the cursors that it gave; it is asked again later.",
        );
      next = { from, window: { to } };
    } else if (edge !== undefined) next = { from, window: { to, after } };
    else if (answer.next === undefined) next = { from: Math.max(from, to - options.overlapSeconds * 1000) };
    else next = { from, window: { to, after: answer.next, edge: lastTime(answer, stream) } };
    if (answer === "cursor-refused") yield { body: new Uint8Array(), next, now: undefined };
    else yield { body: answer.nodes.length === 0 ? new Uint8Array() : answer.bytes, next, now: answer.now };
    ({ window } = next);
  }
}

/** Whether the API's bounds are inclusive is not documented: they are a millisecond wider than what is meant. */
function variablesOf(
  stream: Stream,
  { from, to }: { readonly from: number; readonly to: number },
  after: string | undefined,
  first: number,
): JsonObject {
  const time = { after: new Date(from - 1).toISOString(), before: new Date(to + 2).toISOString() };
  return { first, ...(after === undefined ? {} : { after }), filterBy: { [queries[stream].filter]: time } };
}

/** The time of a page's last record, ms; undefined where it cannot be read. */
function lastTime({ nodes }: Connection, stream: Stream): number | undefined {
  const time = Date.parse(textAt(nodes.at(-1), queries[stream].time) ?? "");
  return Number.isNaN(time) ? undefined : time;
}
