import type { FakeVendor, VendorWorld } from "@tributary/adapter-kit/suite";

/** The access token the fake knows, and its region. */
export const konnectToken = "kpat_of-the-test";
export const konnectUrl = "https://eu.api.konghq.com";

export interface KonnectFaults {
  /** Cursors that are refused. */
  readonly refuses?: (after: string) => boolean;
  /** Told the address of every request that is answered. */
  readonly asked?: (url: URL) => void;
}

const problem = (status: number, title: string) =>
  Response.json({ status, title, instance: "kong:trace:1", detail: title }, { status });

/** Konnect's `/v3/audit-logs`: in no order of time, links without the version, and nothing older than seven days. */
export function konnectApi(world: VendorWorld, faults: KonnectFaults = {}): FakeVendor {
  const answer = (request: Request): Response => {
    const url = new URL(request.url);
    if (request.headers.get("authorization") !== `Bearer ${konnectToken}`) return problem(401, "Unauthorized");
    if (url.origin !== konnectUrl || url.pathname !== "/v3/audit-logs" || request.method !== "GET")
      return problem(404, "Not Found");
    const get = (name: string) => url.searchParams.get(name);
    const [from, to] = [Date.parse(get("filter[ts][gte]") ?? ""), Date.parse(get("filter[ts][lte]") ?? "")];
    const size = Number(get("page[size]") ?? 20);
    const after = get("page[after]");
    const refused = after !== null && (faults.refuses?.(after) ?? false);
    if (!(from <= to) || from < world.now() - 7 * 86_400_000 - 1000 || !(size >= 1 && size <= 1000) || refused)
      return problem(400, "Bad Request");
    faults.asked?.(url);
    const behind = after === null ? -1 : Number(atob(after));
    const all = world
      .visible()
      .filter(({ at }) => at >= from && at <= to)
      // An order of its own, which a cursor goes by.
      .toSorted((a, b) => mixed(a.n) - mixed(b.n))
      .filter(({ n }) => mixed(n) > behind);
    const page = all.slice(0, size);
    const last = page.at(-1);
    const cursor = btoa(String(last === undefined ? 0 : mixed(last.n)));
    const next =
      all.length > page.length ? `/audit-logs?page[after]=${encodeURIComponent(cursor)}&page[size]=${size}` : null;
    return Response.json({ data: page.map(({ record }) => record), meta: { page: { next, previous: null, size } } });
  };
  return {
    fetch: (request) => Promise.resolve(answer(request)),
    throttled: (seconds) => {
      const { body, status } = problem(429, "Too Many Requests");
      return new Response(body, { status, headers: { "Retry-After": String(seconds) } });
    },
  };
}

/** A number for each record, all different, in no order. */
const mixed = (n: number) => (n * 7919) % 1_000_003;
