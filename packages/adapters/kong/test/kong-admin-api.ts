import type { Json, JsonObject } from "@tributary/adapter-kit";
import type { FakeVendor, HeldRecord, VendorWorld } from "@tributary/adapter-kit/suite";

/** The RBAC token the fake knows, and where it stands: behind a proxy, as many do. */
export const adminToken = "rbac-token-of-the-test";
export const adminUrl = "https://kong.example.com:8444/admin-api";

export interface AdminFaults {
  /** Older than 3.4.3.8: pages in the order of keys, which say nothing of time. */
  readonly unordered?: boolean;
  /** Offsets that are refused. */
  readonly refuses?: (offset: string) => boolean;
  /** Told the address of every request that is answered. */
  readonly asked?: (url: URL) => void;
  /** RBAC is off. */
  readonly open?: boolean;
  /** The next page is told by a link alone. */
  readonly linked?: boolean;
}

/**
 * The Admin API of Kong Gateway: `/audit/requests` and `/audit/objects`, the newest first, pages by an offset, which counts
 * from the newest record, so that pages shift while records come; `ttl` is another at every reading.
 */
export function kongAdminApi(world: VendorWorld, faults: AdminFaults = {}): FakeVendor {
  const { unordered = false } = faults;
  let known: readonly HeldRecord[] = [];
  let sorted: readonly HeldRecord[] = [];
  const held = (): readonly HeldRecord[] => {
    const visible = world.visible();
    if (visible.length !== known.length)
      sorted = visible.toSorted((a, b) =>
        unordered ? compare(keyOf(a.record), keyOf(b.record)) : secondOf(b) - secondOf(a) || a.n - b.n,
      );
    known = visible;
    return sorted;
  };
  const answer = (request: Request): Response => {
    const url = new URL(request.url);
    const given = request.headers.get("kong-admin-token");
    if (faults.open !== true && given !== adminToken)
      return Response.json(
        { message: "Invalid RBAC credentials. Token or User credentials required" },
        { status: 401 },
      );
    const stream = /^\/admin-api\/audit\/(requests|objects)$/.exec(url.pathname)?.[1];
    if (stream === undefined || request.method !== "GET")
      return Response.json({ message: "Not found" }, { status: 404 });
    const size = Number(url.searchParams.get("size") ?? 100);
    if (!(size >= 1 && size <= 1000) || [...url.searchParams.keys()].some((key) => key !== "size" && key !== "offset"))
      return Response.json({ message: "size must be an integer between 1 and 1000" }, { status: 400 });
    const offset = url.searchParams.get("offset");
    if (offset !== null && (!/^[\w-]+$/.test(offset) || faults.refuses?.(offset) === true))
      return Response.json({ code: 7, name: "invalid offset", message: "not a valid offset" }, { status: 400 });
    faults.asked?.(url);
    const rows = held().filter(({ record }) => (record["dao_name"] === undefined) === (stream === "requests"));
    // An offset of the old versions is the last key, of the new ones a count.
    const from =
      offset === null
        ? 0
        : unordered
          ? rows.findIndex(({ record }) => keyOf(record) > offset)
          : Number(offset.slice(1));
    const page = from < 0 ? [] : rows.slice(from, from + size);
    const more = from >= 0 && from + size < rows.length;
    const next = unordered ? keyOf(page.at(-1)?.record ?? {}) : `o${from + size}`;
    const link = `/audit/${stream}?offset=${next}&size=${size}`;
    const data = page.map(({ record, at }): Json => ({
      ...record,
      ttl: 2_592_000 - Math.floor((world.now() - at) / 1000),
    }));
    return Response.json({
      // An empty table of Lua.
      data: data.length === 0 ? {} : data,
      next: more ? link : null,
      ...(more && faults.linked !== true ? { offset: next } : {}),
      total: rows.length,
    });
  };
  return {
    fetch: (request) => Promise.resolve(answer(request)),
    throttled: (seconds) =>
      Response.json(
        { message: "API rate limit exceeded" },
        { status: 429, headers: { "Retry-After": String(seconds) } },
      ),
  };
}

const keyOf = (record: JsonObject): string => {
  const key = record["request_id"] ?? "";
  return typeof key === "string" ? key : "";
};
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const secondOf = ({ at }: HeldRecord) => Math.floor(at / 1000);
