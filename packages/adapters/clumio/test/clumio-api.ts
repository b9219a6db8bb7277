import type { FakeVendor, VendorWorld } from "@tributary/adapter-kit/suite";

export interface ClumioApiOptions {
  readonly token: string;
  /** The unit that must be named. */
  readonly organizationalUnit?: string;
  /** ms by which Clumio's clock differs from the world's. */
  readonly clockMs?: number;
  /** Whether links name an internal host. */
  readonly innerLinks?: boolean;
}

export const apiUrl = "https://us-west-2.api.clumio.com";
const retentionMs = 90 * 86_400_000;
const known = new Set(["limit", "start", "filter"]);
const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** Clumio's `/audit-trails`: numbered pages, the newest first, in a collection that grows. */
export function clumioApi(world: VendorWorld, options: ClumioApiOptions): FakeVendor {
  const sent: number[] = [];
  const clock = () => world.now() + (options.clockMs ?? 0);
  const refuse = (status: number, message: string, headers: Record<string, string> = {}) =>
    Response.json(
      { errors: [{ error_code: status, error_message: message }] },
      { status, headers: { date: new Date(clock()).toUTCString(), ...headers } },
    );
  const throttled = (seconds: number) => refuse(429, "Too Many Requests", { "retry-after": String(seconds) });

  const list = (url: URL): Response => {
    const { searchParams } = url;
    const limit = Number(searchParams.get("limit") ?? 100);
    const start = Number(searchParams.get("start") ?? 1);
    const filter = searchParams.get("filter") ?? "";
    const range = rangeOf(filter);
    if ([...searchParams.keys()].some((key) => !known.has(key))) return refuse(400, "unknown parameter");
    if (!Number.isInteger(limit) || limit < 1 || limit > 100) return refuse(400, "limit");
    if (!Number.isInteger(start) || start < 1) return refuse(400, "start");
    if (range === undefined) return refuse(400, "filter");
    const oldest = Math.max(range.from, clock() - retentionMs);
    const found = world
      .visible()
      .filter(({ at }) => at >= oldest && at < range.to)
      .toSorted((a, b) => b.at - a.at || b.n - a.n);
    const items = found.slice((start - 1) * limit, start * limit);
    const pages = Math.ceil(found.length / limit);
    const link = (page: number) => {
      const target = new URL(url);
      if (options.innerLinks === true) target.host = "audit.internal.example.com";
      target.searchParams.set("start", String(page));
      return {
        href: options.innerLinks === true ? target.href : target.pathname + target.search,
        templated: false,
        type: "",
      };
    };
    return Response.json(
      {
        _embedded: items.length === 0 ? null : { items: items.map(({ record }) => record) },
        _links: {
          _first: link(1),
          _last: link(Math.max(1, pages)),
          _next: start < pages ? link(start + 1) : null,
          _prev: start > 1 ? link(start - 1) : null,
          _self: link(start),
        },
        current_count: items.length,
        filter_applied: filter,
        limit,
        start: String(start),
        total_count: found.length,
        total_pages_count: pages,
      },
      {
        headers: {
          date: new Date(clock()).toUTCString(),
          "content-type": "application/api.clumio.audit-trails=v1+json",
        },
      },
    );
  };

  return {
    fetch: (request) => {
      const url = new URL(request.url);
      if (url.origin !== apiUrl || url.pathname !== "/audit-trails" || request.method !== "GET")
        return Promise.resolve(refuse(404, "Not Found"));
      if (request.headers.get("authorization") !== `Bearer ${options.token}`)
        return Promise.resolve(refuse(401, "Unauthorized"));
      if (request.headers.get("accept") !== "application/api.clumio.audit-trails=v1+json")
        return Promise.resolve(refuse(406, "Not Acceptable"));
      if (request.headers.get("x-clumio-organizationalunit-context") !== (options.organizationalUnit ?? null))
        return Promise.resolve(refuse(403, "Forbidden"));
      while (sent.length > 0 && sent[0]! <= world.now() - 1000) sent.shift();
      if (sent.length >= 100) return Promise.resolve(throttled(1));
      sent.push(world.now());
      return Promise.resolve(list(url));
    },
    throttled,
  };
}

function rangeOf(filter: string): { readonly from: number; readonly to: number } | undefined {
  try {
    const parsed = JSON.parse(filter) as { readonly start_timestamp?: Readonly<Record<string, unknown>> };
    const { $gte: from, $lt: to, ...more } = parsed.start_timestamp ?? {};
    if (typeof from !== "string" || typeof to !== "string" || Object.keys(more).length > 0) return undefined;
    return timestamp.test(from) && timestamp.test(to) ? { from: Date.parse(from), to: Date.parse(to) } : undefined;
  } catch {
    return undefined;
  }
}
