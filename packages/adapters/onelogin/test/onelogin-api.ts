import type { FakeVendor, HeldRecord, VendorWorld } from "@tributary/adapter-kit/suite";

export interface OneLoginApiOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The order of events: the vendor documents none. Default ascending. */
  readonly descending?: boolean;
  /** Whether next_link names another host and nothing but the cursor. */
  readonly bareLinks?: boolean;
  /** ms since 1970 before which cursors are forgotten. */
  readonly cursorsSince?: () => number;
  /** Default 5,000. */
  readonly callsPerHour?: number;
  /** Seconds a token is good for. Default ten hours. */
  readonly tokenSeconds?: number;
}

export const accountUrl = "https://example.onelogin.com";
const hourMs = 3_600_000;
const known = new Set(["since", "until", "limit", "after_cursor"]);

const status = (error: boolean, code: number, type: string, message: string) => ({ error, code, type, message });
const refuse = (code: number, type: string, message: string, http = code, headers: Record<string, string> = {}) =>
  Response.json({ status: status(true, code, type, message) }, { status: http, headers });

/** OneLogin's token endpoint, Events API and rate limit, with their odd headers and errors. */
export function oneLoginApi(world: VendorWorld, options: OneLoginApiOptions): FakeVendor {
  const { clientId, clientSecret, callsPerHour = 5000, tokenSeconds = 36_000, descending = false } = options;
  const tokens = new Map<string, number>();
  const calls: number[] = [];
  let throttles = 0;

  const reset = () => Math.max(0, Math.ceil(((calls[0] ?? world.now()) + hourMs - world.now()) / 1000));
  const exceeded = (seconds: number): Response => {
    throttles += 1;
    const headers = {
      "x-ratelimit-limit": String(callsPerHour),
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(seconds),
    };
    // Seen in three forms: as 429, as 400 with the headers, and as 400 without.
    if (throttles % 3 === 0) return refuse(429, "too many requests", "rate limit exceeded", 429, headers);
    return refuse(400, "bad request", "rate_limit_exceeded", 400, throttles % 3 === 1 ? headers : {});
  };

  const tokenFor = async (request: Request): Promise<Response> => {
    if (request.method !== "POST" || request.headers.get("content-type") !== "application/json")
      return refuse(400, "bad request", "content type is incorrect");
    if (request.headers.get("authorization") !== `client_id:${clientId}, client_secret:${clientSecret}`)
      return refuse(401, "Unauthorized", "Authentication Failure");
    if ((await request.text()) !== '{"grant_type":"client_credentials"}')
      return refuse(400, "bad request", "grant_type is incorrect/absent");
    // The same token until it ends.
    const alive = [...tokens].find(([, end]) => end > world.now());
    const token = alive?.[0] ?? `token-${tokens.size + 1}`;
    const end = alive?.[1] ?? world.now() + tokenSeconds * 1000;
    tokens.set(token, end);
    return Response.json({
      access_token: token,
      created_at: new Date(end - tokenSeconds * 1000).toISOString(),
      expires_in: tokenSeconds,
      refresh_token: "never-used",
      token_type: "bearer",
      account_id: 4711,
    });
  };

  const events = (url: URL): Response => {
    const { searchParams } = url;
    const limit = Number(searchParams.get("limit") ?? 50);
    const since = Date.parse(searchParams.get("since") ?? "1970-01-01T00:00:00Z");
    const until = Date.parse(searchParams.get("until") ?? "2999-01-01T00:00:00Z");
    const bad =
      [...searchParams.keys()].find((key) => !known.has(key)) ??
      (!Number.isInteger(limit) || limit < 1 || limit > 50 ? "limit" : undefined) ??
      (Number.isNaN(since) ? "since" : undefined) ??
      (Number.isNaN(until) ? "until" : undefined);
    if (bad !== undefined) return refuse(400, "bad request", `${bad} is not valid`);

    const sign = descending ? -1 : 1;
    const order = (a: Place, b: Place) => sign * (a.at - b.at || a.n - b.n);
    const cursor = searchParams.get("after_cursor");
    const place = cursor === null ? undefined : placeOf(cursor);
    if (cursor !== null && (place === undefined || place.given < (options.cursorsSince?.() ?? 0)))
      return refuse(400, "bad request", "cursor is not valid");
    const found = world
      .visible()
      .filter(({ at }) => at > since && at < until)
      .filter((held) => place === undefined || order(held, place) > 0)
      .toSorted(order);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const after = last !== undefined && found.length > limit ? cursorOf(last, world.now()) : null;
    const next = new URL(options.bareLinks === true ? "https://api.us.onelogin.com/api/1/events" : url.href);
    if (after !== null) next.searchParams.set("after_cursor", after);
    return Response.json(
      {
        status: status(false, 200, "success", "Success"),
        pagination: {
          before_cursor: null,
          after_cursor: after,
          previous_link: null,
          next_link: after === null ? null : next.href,
        },
        data: page.map(({ record }) => record),
      },
      {
        headers: {
          "x-ratelimit-limit": String(callsPerHour),
          "x-ratelimit-remaining": String(callsPerHour - calls.length),
          "x-ratelimit-reset": String(reset()),
        },
      },
    );
  };

  return {
    fetch: (request) => {
      const url = new URL(request.url);
      if (url.origin !== accountUrl) return Promise.resolve(new Response("", { status: 404 }));
      if (url.pathname === "/auth/oauth2/v2/token") return tokenFor(request);
      const token = /^bearer:(\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
      if (!((tokens.get(token) ?? 0) > world.now()))
        return Promise.resolve(refuse(401, "Unauthorized", "Authentication Failure"));
      if (request.method !== "GET") return Promise.resolve(refuse(404, "not found", "Not Found"));
      if (url.pathname === "/auth/rate_limit")
        return Promise.resolve(
          Response.json({
            status: status(false, 200, "success", "Success"),
            data: { "X-RateLimit-Limit": callsPerHour, "X-RateLimit-Remaining": 0, "X-RateLimit-Reset": reset() },
          }),
        );
      if (url.pathname !== "/api/1/events") return Promise.resolve(refuse(404, "not found", "Not Found"));
      while (calls.length > 0 && calls[0]! <= world.now() - hourMs) calls.shift();
      if (calls.length >= callsPerHour) return Promise.resolve(exceeded(reset()));
      calls.push(world.now());
      return Promise.resolve(events(url));
    },
    throttled: exceeded,
  };
}

interface Place {
  readonly at: number;
  readonly n: number;
}

/** Cursors name the last event of a page, so that paging does not drift. */
const cursorOf = ({ at, n }: HeldRecord, given: number) =>
  Buffer.from(`created_at:::${at}:::${n}:::${given}`).toString("base64");

function placeOf(cursor: string): (Place & { readonly given: number }) | undefined {
  const parts = Buffer.from(cursor, "base64").toString().split(":::");
  return parts[0] === "created_at" && parts.length === 4
    ? { at: Number(parts[1]), n: Number(parts[2]), given: Number(parts[3]) }
    : undefined;
}
