import type { Json, JsonObject } from "@tributary/adapter-kit";
import type { FakeVendor, VendorWorld } from "@tributary/adapter-kit/suite";

/** The token the fake knows. */
export const token = "api-00000000-0000-4000-8000-0000000000aa";
const origin = "https://app.launchdarkly.com";
const path = "/api/v2/auditlog";

export interface LaunchDarklyFaults {
  /** Whether `before` and `after` include their own millisecond: the documentation leaves it open. */
  readonly inclusive?: boolean;
  /** Whether full entries cannot be fetched. */
  readonly listedOnly?: boolean;
  /** Told the address of every request that the API accepts. */
  readonly asked?: (url: URL) => void;
}

/**
 * LaunchDarkly's audit log API: newest first, 20 at the most, paged by the time of the last entry; lists leave out what only
 * a full entry has; the limit is told by X-Ratelimit-Reset, in ms.
 */
export function launchdarklyApi(world: VendorWorld, faults: LaunchDarklyFaults = {}): FakeVendor {
  const answer = (request: Request): Response => {
    const url = new URL(request.url);
    if (url.origin !== origin || request.method !== "GET") return error(405, "method_not_allowed", "Not allowed");
    // The raw token: `Bearer` before it is refused.
    if (request.headers.get("authorization") !== token) return error(401, "unauthorized", "Invalid access token");
    faults.asked?.(url);
    if (url.pathname === path) return list(url);
    const id = decodeURIComponent(url.pathname.slice(path.length + 1));
    const found = world.visible().find(({ record }) => record["_id"] === id);
    return found === undefined || faults.listedOnly === true
      ? error(404, "not_found", "Unknown resource")
      : Response.json(found.record);
  };
  const list = (url: URL): Response => {
    const unknown = [...url.searchParams.keys()].find(
      (key) => !["before", "after", "limit", "spec", "q"].includes(key),
    );
    if (unknown !== undefined) return error(400, "invalid_request", `Unknown parameter ${unknown}`);
    const limit = number(url, "limit") ?? 10;
    const before = number(url, "before") ?? Number.POSITIVE_INFINITY;
    const after = number(url, "after") ?? 0;
    if (!(limit >= 1 && limit <= 20) || Number.isNaN(before) || Number.isNaN(after))
      return error(400, "invalid_request", "limit, before or after is out of range");
    const edge = faults.inclusive === true ? 1 : 0;
    const all = world
      .visible()
      .filter(({ at }) => at < before + edge && at > after - edge)
      .toSorted((a, b) => b.at - a.at || b.n - a.n);
    const shown = all.slice(0, limit);
    const next = new URLSearchParams(url.searchParams);
    next.set("before", String(shown.at(-1)?.at));
    const links: JsonObject = {
      ...(all.length > shown.length ? { next: { href: `${path}?${next.toString()}`, type: "application/json" } } : {}),
      self: { href: `${path}${url.search}`, type: "application/json" },
    };
    return Response.json({ items: shown.map(({ record }) => listed(record)), _links: links });
  };
  return {
    fetch: (request) => Promise.resolve(answer(request)),
    throttled: (seconds) =>
      Response.json(
        { code: "rate_limited", message: "You've exceeded the API rate limit. Try again later." },
        {
          status: 429,
          headers: {
            "X-Ratelimit-Global-Remaining": "0",
            "X-Ratelimit-Route-Remaining": "3",
            "X-Ratelimit-Reset": String(world.now() + seconds * 1000),
          },
        },
      ),
  };
}

function error(status: number, code: string, message: string): Response {
  return Response.json({ code, message }, { status });
}

/** What a list shows of an entry. */
function listed(record: JsonObject): Json {
  const full = new Set(["delta", "currentVersion", "previousVersion", "subentries", "triggerBody", "merge"]);
  return Object.fromEntries(Object.entries(record).filter(([key]) => !full.has(key)));
}

/** A parameter as a number: undefined where there is none, NaN where it is none. */
function number(url: URL, name: string): number | undefined {
  const value = url.searchParams.get(name);
  if (value === null) return undefined;
  return /^\d+$/.test(value) ? Number(value) : Number.NaN;
}
