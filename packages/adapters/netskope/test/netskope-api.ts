import type { Json } from "@tributary/adapter-kit";
import { textAt, valueAt } from "@tributary/adapter-kit";
import type { FakeVendor, HeldRecord, VendorWorld } from "@tributary/adapter-kit/suite";

export const tenant = "example.goskope.com";
export const token = "made-up-netskope-token";

export interface NetskopeQuirks {
  /** Most records of a page. Default 40. */
  readonly pageSize?: number;
  /** Endpoints that the tenant has not bought. */
  readonly unlicensed?: readonly string[];
  /** Told of what the fake is asked to do: `events/audit next`. */
  readonly onRequest?: (what: string) => void;
}

/** What Netskope keeps for an endpoint and an index. */
interface Iterator {
  /** Records given out so far, of those that are shown. */
  position: number;
  last: { readonly from: number; readonly to: number };
}

/**
 * Netskope's data export: an iterator for each endpoint and index, that `next` and an epoch move and `resend` repeats; wait_time
 * while there is nothing; rate limit headers. And the iterator of client status events, that is created and gives CSV.
 */
export function netskopeApi(world: VendorWorld, quirks: NetskopeQuirks = {}): FakeVendor {
  const { pageSize = 40, unlicensed = [], onRequest } = quirks;
  const iterators = new Map<string, Iterator>();
  const made = new Map<string, { readonly readyAt: number; readonly iterator: Iterator }>();

  // Records come to be shown in one order: each endpoint's are kept apart, in it.
  const lists = new Map<string, HeldRecord[]>();
  let known = 0;
  const shown = (endpoint: string): readonly HeldRecord[] => {
    const visible = world.visible();
    for (const held of visible.slice(known)) {
      const list = lists.get(endpointOf(held.record)) ?? [];
      list.push(held);
      lists.set(endpointOf(held.record), list);
    }
    known = visible.length;
    return lists.get(endpoint) ?? [];
  };

  const move = (iterator: Iterator, all: readonly HeldRecord[], operation: string): boolean => {
    if (operation === "resend") return true;
    if (/^\d{9,11}$/.test(operation)) {
      const first = all.findIndex(({ at }) => at >= Number(operation) * 1000);
      iterator.position = first < 0 ? all.length : first;
    } else if (operation !== "next") return false;
    const from = iterator.position;
    // Pages are of no fixed size.
    const to = Math.min(all.length, from + 1 + ((from * 31) % pageSize));
    iterator.last = { from, to };
    iterator.position = to;
    return true;
  };

  const page = (endpoint: string, url: URL): Response => {
    const index = url.searchParams.get("index") ?? "";
    const operation = url.searchParams.get("operation") ?? "";
    if (unlicensed.includes(endpoint)) return answer(403, { message: "You cannot consume this service" });
    if (index === "") return answer(400, { ok: 0, error: "index is required" });
    const key = `${endpoint} ${index}`;
    const iterator = iterators.get(key) ?? { position: 0, last: { from: 0, to: 0 } };
    iterators.set(key, iterator);
    const all = shown(endpoint);
    if (!move(iterator, all, operation)) return answer(400, { ok: 0, error: "invalid operation" });
    const records = all.slice(iterator.last.from, iterator.last.to);
    const isBehind = iterator.position < all.length;
    return answer(200, {
      ok: 1,
      result: records.map(({ record }) => record),
      wait_time: isBehind ? 0 : 30,
      timestamp_hwm: Math.floor((records.at(-1)?.at ?? world.now()) / 1000),
    });
  };

  const clientStatus = (request: Request, url: URL, name: string, rest: string): Response => {
    const endpoint = "events/clientstatus";
    if (request.method === "POST") {
      if (url.searchParams.get("eventtype") !== "clientstatus") return answer(400, { message: "invalid eventtype" });
      if (made.size > 0)
        return answer(400, {
          message: "Only one iterator is allowed per event type. Please use the existing iterator",
        });
      made.set(`${name}_7`, {
        readyAt: world.now() + 25_000,
        iterator: { position: 0, last: { from: 0, to: 0 } },
      });
      return new Response(`Iterator ${name}_7, event type clientstatus, is being created`, { status: 202 });
    }
    const held = made.get(name);
    if (held === undefined) return answer(404, { message: "iterator not found" });
    if (rest === "") return answer(200, { status: held.readyAt <= world.now() ? "Ready" : "InProgress" });
    if (!move(held.iterator, shown(endpoint), url.searchParams.get("operation") ?? ""))
      return answer(400, { message: "invalid operation" });
    const { from, to } = held.iterator.last;
    const rows = shown(endpoint).slice(from, to);
    const columns = ["_id", "timestamp", "type", "user", "event"];
    const cells = rows.map(({ record }) => columns.map((column) => textAt(record, column) ?? "").join(","));
    return new Response([columns.join(","), ...cells, ""].join("\n"), { headers: { "content-type": "text/csv" } });
  };

  return {
    fetch(request) {
      const url = new URL(request.url);
      const [, path = ""] = /^\/api\/v2\/events\/dataexport\/(.{1,200})$/.exec(url.pathname) ?? [];
      onRequest?.(`${path} ${url.searchParams.get("operation") ?? request.method}`);
      const respond = (): Response => {
        if (url.host !== tenant) return answer(404, { message: "no such tenant" });
        if (request.headers.get("netskope-api-token") !== token)
          return answer(401, { status: "error", message: "Unauthorized" });
        const [, name = "", rest = ""] = /^iterator\/([\w-]{1,64})((?:\/events)?)$/.exec(path) ?? [];
        if (name !== "") return clientStatus(request, url, name, rest);
        return request.method === "GET" ? page(path, url) : answer(405, { message: "method not allowed" });
      };
      return Promise.resolve(respond());
    },
    throttled: (seconds) =>
      answer(
        429,
        { message: "API rate limit exceeded" },
        { "ratelimit-remaining": "0", "ratelimit-reset": `${seconds}` },
      ),
  };
}

/** Where a record is read: by what it is. */
function endpointOf(record: Json): string {
  if (valueAt(record, "audit_log_event") !== undefined) return "events/audit";
  if (valueAt(record, "type") === "clientstatus") return "events/clientstatus";
  return valueAt(record, "alert_type") === "DLP" ? "alerts/dlp" : "events/application";
}

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/json",
      "ratelimit-limit": "4",
      "ratelimit-remaining": "3",
      "ratelimit-reset": "1",
      ...headers,
    },
  });
}
