import { Type as T } from "@sinclair/typebox";
import type { Json, Page, Poll } from "@tributary/adapter-kit";
import { SecretOption } from "@tributary/adapter-kit/poll";
import { clientStatus } from "./client-status.ts";
import { dataExport } from "./data-export.ts";
import type { Stream } from "./stream.ts";

/** The endpoints that are read by the iterator of a data export. */
const endpoints = [
  T.Literal("events/alert"),
  T.Literal("events/application"),
  T.Literal("events/audit"),
  T.Literal("events/clientstatus"),
  T.Literal("events/endpoint"),
  T.Literal("events/incident"),
  T.Literal("events/infrastructure"),
  T.Literal("events/network"),
  T.Literal("events/page"),
  T.Literal("alerts/compromisedcredential"),
  T.Literal("alerts/content"),
  T.Literal("alerts/ctep"),
  T.Literal("alerts/device"),
  T.Literal("alerts/dlp"),
  T.Literal("alerts/malsite"),
  T.Literal("alerts/malware"),
  T.Literal("alerts/policy"),
  T.Literal("alerts/quarantine"),
  T.Literal("alerts/remediation"),
  T.Literal("alerts/securityassessment"),
  T.Literal("alerts/uba"),
  T.Literal("alerts/watchlist"),
];

const Options = T.Object({
  tenant: T.String({
    pattern: "^[0-9A-Za-z-]{1,63}(?:\\.[0-9A-Za-z-]{1,63}){1,8}$",
    description: "The tenant's host, such as example.goskope.com.",
  }),
  token: SecretOption({ description: "Token of the REST API v2 with Read for the endpoints below." }),
  index: T.String({
    pattern: "^[0-9A-Za-z_-]{1,64}$",
    default: "tributary",
    description: "Names the iterator at Netskope. No two readers of a tenant may share one: each would miss records.",
  }),
  endpoints: T.Array(T.Union(endpoints), {
    minItems: 1,
    uniqueItems: true,
    default: ["events/audit"],
    description: "What to read.",
  }),
});

/**
 * The data export iterators of the REST API v2. Netskope keeps the cursor, one for each endpoint and index: `next` moves it,
 * `resend` gives the last page again. A page is committed before `next` is asked for, and a restart begins with `resend`.
 * Vendor page: docs.netskope.com, "Using the REST API v2 dataexport Iterator Endpoints".
 */
export const poll: Poll<typeof Options> = {
  options: Options,
  // Four queries a second are allowed to all readers of a tenant together.
  requestsPerMinute: 120,
  pause: ({ status, headers }) => {
    const reset = headers.get("ratelimit-reset")?.trim() ?? "";
    return status === 429 && !headers.has("retry-after") && /^\d{1,6}$/.test(reset) ? Number(reset) : undefined;
  },
  exclusive: ({ tenant, index }) => `${tenant.toLowerCase()} ${index}`,

  async *pages(cursor, host) {
    const streams: readonly Stream[] = host.options.endpoints.map((endpoint) =>
      endpoint === "events/clientstatus" ? clientStatus(host, cursor) : dataExport(host, endpoint, cursor),
    );
    for (;;) {
      const stream = streams.reduce((first, other) => (other.dueAt < first.dueAt ? other : first));
      const { body, format, waitSeconds } = await stream.read();
      stream.dueAt = host.now() + waitSeconds * 1000;
      const nextAt = Math.min(...streams.map(({ dueAt }) => dueAt));
      const page: Page = {
        body,
        format,
        cursor: cursorOf(streams),
        waitSeconds: Math.max(0, Math.ceil((nextAt - host.now()) / 1000)),
      };
      yield page;
    }
  },
};

/** `{ v: 1, streams: { "events/audit": ... } }`: what each stream needs to go on. */
function cursorOf(streams: readonly Stream[]): Json {
  const states = streams.flatMap(({ endpoint, state }) => (state === undefined ? [] : [[endpoint, state] as const]));
  return { v: 1, streams: Object.fromEntries(states) };
}
