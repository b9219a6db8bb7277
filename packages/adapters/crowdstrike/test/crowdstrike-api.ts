import type { Json } from "@tributary/adapter-kit";
import { textAt, valueAt } from "@tributary/adapter-kit";
import type { FakeVendor, VendorWorld } from "@tributary/adapter-kit/suite";

/** The API client the fake knows. */
export const client = { clientId: "0123456789abcdef0123456789abcdef", clientSecret: "made-up+secret/of=falcon" };

export interface FalconQuirks {
  /** Offsets below it are no longer kept: feeds refuse them. */
  readonly oldest?: number;
  /** Told of what the fake is asked to do. */
  readonly onRequest?: (what: string) => void;
  /** Chunks of lines after which a connection is closed. Default 97. */
  readonly chunksPerConnection?: number;
}

interface Session {
  readonly token: string;
  readonly appId: string;
  until: number;
  /** When a chunk was last taken; undefined while nobody is connected. */
  readAt: number | undefined;
}

const api = "https://api.us-2.crowdstrike.com";
const firehose = "https://firehose.us-2.crowdstrike.com";
const interval = 1800;
/** A connection that takes nothing for so long (ms) is given up. */
const deaf = 60_000;

/**
 * CrowdStrike's token endpoint, stream discovery, feeds and session refresh, as the vendor's gateway uses them. Records are
 * `{feed, line}`: the line stands in that feed at its own offset. A feed's body comes in chunks that end anywhere, with blank
 * lines while there is nothing new.
 */
export function falcon(world: VendorWorld, quirks: FalconQuirks = {}): FakeVendor {
  const tokens = new Map<string, number>();
  const sessions = new Map<string, Session>();
  let made = 0;
  const { chunksPerConnection = 97, oldest = 0, onRequest } = quirks;

  const isBusy = (session: Session | undefined): boolean =>
    session?.readAt !== undefined && session.until > world.now() && world.now() - session.readAt < deaf;

  const token = (request: Request, form: URLSearchParams): Response => {
    if (request.method !== "POST") return refused(405, "method not allowed");
    if (request.headers.get("content-type") !== "application/x-www-form-urlencoded")
      return refused(400, "invalid body");
    if (form.get("client_id") !== client.clientId || form.get("client_secret") !== client.clientSecret)
      return refused(401, "access denied, invalid client");
    made += 1;
    tokens.set(`access-${made}`, world.now() + 1799_000);
    return json(201, { access_token: `access-${made}`, token_type: "bearer", expires_in: 1799 });
  };

  const discovery = (url: URL): Response => {
    const appId = url.searchParams.get("appId") ?? "";
    if (!/^[0-9A-Za-z]{1,32}$/.test(appId))
      return refused(400, "appId is required, at most 32 alphanumeric characters");
    const free = ["0", "1"].filter((id) => !isBusy(sessions.get(id)));
    return json(200, {
      meta: { trace_id: "trace", pagination: { limit: 0, total: free.length } },
      errors: [],
      resources: free.map((id) => {
        made += 1;
        const session: Session = {
          token: `session-${made}`,
          appId,
          until: world.now() + interval * 1000,
          readAt: undefined,
        };
        sessions.set(id, session);
        return {
          dataFeedURL: `${firehose}/sensors/entities/datafeed/v1/${id}?appId=${appId}`,
          sessionToken: { token: session.token, expiration: new Date(session.until).toISOString() },
          refreshActiveSessionURL: `${api}/sensors/entities/datafeed-actions/v1/${id}?appId=${appId}&action_name=refresh_active_stream_session`,
          refreshActiveSessionInterval: interval,
        };
      }),
    });
  };

  const refresh = (request: Request, url: URL, id: string): Response => {
    if (request.method !== "POST") return refused(405, "method not allowed");
    const session = sessions.get(id);
    if (url.searchParams.get("action_name") !== "refresh_active_stream_session")
      return refused(400, "invalid action_name");
    if (session === undefined || session.appId !== url.searchParams.get("appId") || session.until <= world.now())
      return refused(404, "no active stream session found");
    session.until = world.now() + interval * 1000;
    return json(200, { meta: { trace_id: "trace" }, errors: [], resources: [] });
  };

  const feed = (request: Request, url: URL, id: string): Response => {
    const session = sessions.get(id);
    const given = request.headers.get("authorization");
    if (session === undefined || given !== `Token ${session.token}` || session.until <= world.now())
      return refused(401, "invalid session");
    const offset = url.searchParams.get("offset") ?? "";
    if (!/^\d+$/.test(offset) || (Number(offset) > 0 && Number(offset) < oldest)) return refused(400, "invalid offset");
    session.readAt = world.now();
    const types = url.searchParams.get("eventType")?.split(",");
    return new Response(stream(id, session, Number(offset), types), {
      headers: { "content-type": "application/json", "transfer-encoding": "chunked" },
    });
  };

  // Records come to be shown in one order: each feed's are kept apart, in it.
  const lists = new Map<string, Json[]>();
  let known = 0;
  const linesOf = (id: string): readonly Json[] => {
    const visible = world.visible();
    for (const { record } of visible.slice(known)) {
      const list = lists.get(textAt(record, "feed") ?? "") ?? [];
      list.push(record);
      lists.set(textAt(record, "feed") ?? "", list);
    }
    known = visible.length;
    return lists.get(id) ?? [];
  };

  const stream = (id: string, session: Session, from: number, types: readonly string[] | undefined) => {
    let next = from;
    let chunks = 0;
    let still = 0;
    let at = 0;
    let left = "";
    let passed = 0;
    const utf8 = new TextEncoder();
    return new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const now = world.now();
          if (session.until <= now || sessions.get(id) !== session || now - (session.readAt ?? 0) > deaf)
            return controller.error(new TypeError("terminated"));
          // A fake cannot wait: a connection that is read for ever while no time passes is closed.
          still = now === at ? still + 1 : 0;
          at = now;
          session.readAt = now;
          chunks += 1;
          if (chunks > chunksPerConnection || still > 20) {
            session.readAt = undefined;
            return controller.close();
          }
          const all = linesOf(id);
          const lines: Json[] = [];
          for (; passed < all.length && lines.length < 1 + ((chunks * 7) % 11); passed += 1) {
            const record = all[passed]!;
            const type = textAt(record, "line", "metadata", "eventType") ?? "";
            if (offsetOf(record) >= Math.max(next, oldest) && types?.includes(type) !== false) lines.push(record);
          }
          if (lines.length === 0 && left === "") return controller.enqueue(utf8.encode("\r\n"));
          next = lines.length === 0 ? next : offsetOf(lines.at(-1)) + 1;
          const text = left + lines.map((record) => `${JSON.stringify(valueAt(record, "line"))}\r\n`).join("");
          // Chunks end where the network likes.
          const cut = lines.length === 0 ? text.length : text.length - (chunks % 5) * 13;
          left = text.slice(cut);
          controller.enqueue(utf8.encode(text.slice(0, cut)));
        },
        cancel() {
          session.readAt = undefined;
        },
      },
      { highWaterMark: 0 },
    );
  };

  return {
    async fetch(request) {
      const url = new URL(request.url);
      const body = request.method === "POST" ? new URLSearchParams(await request.text()) : new URLSearchParams();
      onRequest?.(`${request.method} ${url.pathname}${url.search}`);
      const [, kind, id = ""] =
        /^\/sensors\/entities\/(datafeed|datafeed-actions)\/v1\/(\d+)$/.exec(url.pathname) ?? [];
      if (url.origin === firehose && kind === "datafeed") return feed(request, url, id);
      if (url.origin !== api) return refused(404, "not found");
      if (url.pathname === "/oauth2/token") return token(request, body);
      const access = (request.headers.get("authorization") ?? "").replace(/^Bearer /, "");
      if ((tokens.get(access) ?? 0) <= world.now()) return refused(401, "access denied, invalid bearer token");
      if (url.pathname === "/sensors/entities/datafeed/v2") return discovery(url);
      if (kind === "datafeed-actions") return refresh(request, url, id);
      return refused(404, "not found");
    },
    throttled: (seconds) =>
      new Response(JSON.stringify({ errors: [{ code: 429, message: "API rate limit exceeded" }] }), {
        status: 429,
        headers: {
          "x-ratelimit-limit": "6000",
          "x-ratelimit-remaining": "0",
          "x-ratelimit-retryafter": String(Math.ceil(world.now() / 1000) + seconds),
        },
      }),
  };
}

const offsetOf = (record: Json | undefined): number => Number(textAt(record, "line", "metadata", "offset"));

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
}

function refused(code: number, message: string): Response {
  return json(code, { meta: { trace_id: "trace" }, errors: [{ code, message }], resources: [] });
}
