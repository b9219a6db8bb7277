import type { FakeVendor, HeldRecord, VendorWorld } from "@tributary/adapter-kit/suite";

export interface SnykApiOptions {
  /** "orgs/ID" or "groups/ID". */
  readonly scope: string;
  /** What Authorization must say, or the client whose tokens it must hold. */
  readonly authorization?: string;
  readonly client?: { readonly id: string; readonly secret: string; readonly tokenSeconds: number };
  /** Cursors older than this many ms are not taken any more. Default: never. */
  readonly cursorLife?: number;
  /** How the link to the next page is written. */
  readonly link?: "path" | "href" | "absolute" | "bare";
  /** Told of every search that is answered. */
  readonly onSearch?: (url: URL) => void;
}

/** The REST API's audit log search, version 2024-04-29, and its token endpoint. */
export function snykApi(world: VendorWorld, options: SnykApiOptions): FakeVendor {
  const { scope, client, cursorLife = Number.POSITIVE_INFINITY, link = "path" } = options;
  let issued: { readonly token: string; readonly until: number } | undefined;
  const headers = (more: Record<string, string> = {}) => ({
    "Content-Type": "application/vnd.api+json",
    Date: new Date(world.now()).toUTCString(),
    "X-Ratelimit-Limit": "160, 160;w=1;name=example",
    ...more,
  });
  const problem = (status: number, detail: string, more: Record<string, string> = {}): Response =>
    new Response(JSON.stringify({ jsonapi: { version: "1.0" }, errors: [{ status: String(status), detail }] }), {
      status,
      headers: headers(more),
    });
  const signedIn = (request: Request): boolean => {
    const given = request.headers.get("authorization");
    if (client === undefined) return given === options.authorization;
    return issued !== undefined && world.now() < issued.until && given === `Bearer ${issued.token}`;
  };

  async function token(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const known =
      request.method === "POST" &&
      form.get("grant_type") === "client_credentials" &&
      form.get("client_id") === client?.id &&
      form.get("client_secret") === client?.secret;
    if (!known || client === undefined) return Response.json({ error: "invalid_client" }, { status: 401 });
    issued = { token: `token-${world.now()}`, until: world.now() + client.tokenSeconds * 1000 };
    return Response.json({ access_token: issued.token, token_type: "bearer", expires_in: client.tokenSeconds });
  }

  function search(url: URL): Response {
    const given = url.searchParams;
    const known = new Set(["version", "cursor", "from", "to", "size", "sort_order", "events", "exclude_events"]);
    for (const name of given.keys()) if (!known.has(name)) return problem(400, `Unknown parameter ${name}`);
    const from = given.get("from") ?? "";
    const size = Number(given.get("size") ?? "100");
    if (given.get("version") !== "2024-04-29") return problem(404, "Requested version not available");
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(from)) return problem(400, "from");
    if (!(size >= 1 && size <= 100) || given.get("sort_order") !== "ASC") return problem(400, "size or sort_order");
    if (given.has("events") && given.has("exclude_events")) return problem(400, "events and exclude_events");
    options.onSearch?.(url);
    const cursor = given.get("cursor");
    const [at = 0, n = -1, made = 0] = cursor === null ? [] : atob(cursor).split("|").map(Number);
    if (cursor !== null && world.now() - made > cursorLife) return problem(400, "The cursor has expired");
    const left = world
      .visible()
      .filter((held) => held.at >= Date.parse(from) && (cursor === null || inOrder(held, { at, n }) > 0))
      .toSorted(inOrder);
    const items = left.slice(0, size);
    const last = items.at(-1);
    const next = new URL(url);
    if (last) next.searchParams.set("cursor", btoa(`${last.at}|${last.n}|${world.now()}`));
    if (link === "bare") next.search = "";
    const written = link === "absolute" ? next.href : next.pathname + next.search;
    const links = left.length > size ? { next: link === "href" ? { href: written } : written } : {};
    const data = {
      type: "audit_log_search",
      ...(items.length > 0 ? { items: items.map(({ record }) => record) } : {}),
    };
    return new Response(JSON.stringify({ jsonapi: { version: "1.0" }, data, links }), { headers: headers() });
  }

  return {
    fetch: async (request) => {
      const url = new URL(request.url);
      if (url.pathname === "/oauth2/token") return token(request);
      if (request.method !== "GET" || url.pathname !== `/rest/${scope}/audit_logs/search`)
        return problem(404, "Not Found");
      if (!signedIn(request)) return problem(401, "Unauthorized");
      if (request.headers.get("accept") !== "application/vnd.api+json") return problem(406, "Not Acceptable");
      return search(url);
    },
    throttled: (seconds) => problem(429, "Too many requests", { "X-Ratelimit-Reset": String(seconds) }),
  };
}

function inOrder(one: Pick<HeldRecord, "at" | "n">, other: Pick<HeldRecord, "at" | "n">): number {
  return one.at - other.at || one.n - other.n;
}
