import type { FakeVendor, HeldRecord, VendorWorld } from "@tributary/adapter-kit/suite";

export interface GithubApiOptions {
  readonly token: string;
  /** "enterprises/NAME" or "orgs/NAME". */
  readonly account: string;
  /** Cursors older than this many ms are not taken any more. Default: never. */
  readonly cursorLife?: number;
  /** Path before the account: "/api/v3" on Enterprise Server, which then counts pages instead. */
  readonly base?: string;
  /** Told of every search that is answered. */
  readonly onSearch?: (url: URL) => void;
}

const problem = (status: number, message: string, headers: Record<string, string> = {}): Response =>
  Response.json({ message, documentation_url: "https://docs.github.com/rest" }, { status, headers });

/**
 * GitHub's audit log endpoint: token and headers, `phrase=created:>=`, include, order, per_page, cursors in Link headers,
 * whole-second search. Records are shown oldest first by their own time; late ones come to stand before others.
 */
export function githubApi(world: VendorWorld, options: GithubApiOptions): FakeVendor {
  const { token, account, cursorLife = Number.POSITIVE_INFINITY, base = "" } = options;
  const date = () => ({ Date: new Date(world.now()).toUTCString() });
  const answer = (request: Request): Response => {
    const url = new URL(request.url);
    if (request.method !== "GET" || url.pathname !== `${base}/${account}/audit-log`)
      return problem(404, "Not Found", date());
    if (request.headers.get("user-agent") === null)
      return problem(403, "Request forbidden by administrative rules", date());
    if (request.headers.get("authorization") !== `Bearer ${token}`) return problem(401, "Bad credentials", date());
    if (request.headers.get("accept") !== "application/vnd.github+json")
      return problem(415, "Unsupported media type", date());
    const known = new Set(["phrase", "include", "order", "per_page", "after", "before", "page"]);
    for (const name of url.searchParams.keys()) if (!known.has(name)) return problem(422, `Unknown ${name}`, date());
    const created = /^created:>=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/.exec(url.searchParams.get("phrase") ?? "")?.[1];
    const perPage = Number(url.searchParams.get("per_page") ?? "30");
    if (created === undefined || url.searchParams.get("order") !== "asc" || !(perPage >= 1 && perPage <= 100))
      return problem(422, "Validation Failed", date());
    if (!["web", "git", "all"].includes(url.searchParams.get("include") ?? "web"))
      return problem(422, "include", date());
    options.onSearch?.(url);
    const found = world
      .visible()
      .filter(({ at }) => at >= Date.parse(created))
      .toSorted(inOrder);
    const page = base === "" ? byCursor(found, url, perPage) : byPage(found, url, perPage);
    if (page === undefined) return problem(422, "The cursor is invalid or has expired", date());
    const headers: Record<string, string> = { ...date(), "X-RateLimit-Limit": "1750", "X-RateLimit-Remaining": "1700" };
    if (page.next !== undefined) {
      const next = new URL(url);
      next.searchParams.set(base === "" ? "after" : "page", page.next);
      headers["Link"] = `<${next.href}>; rel="next", <${url.href}>; rel="first"`;
    }
    return Response.json(
      page.records.map(({ record }) => record),
      { headers },
    );
  };

  function byCursor(found: readonly HeldRecord[], url: URL, perPage: number) {
    const after = url.searchParams.get("after");
    const [at = 0, n = -1, made = 0] = after === null ? [] : atob(after).split("|").map(Number);
    if (after !== null && world.now() - made > cursorLife) return undefined;
    const left = after === null ? found : found.filter((held) => inOrder(held, { at, n }) > 0);
    const records = left.slice(0, perPage);
    const last = records.at(-1);
    return { records, next: left.length > perPage && last ? btoa(`${last.at}|${last.n}|${world.now()}`) : undefined };
  }

  return {
    fetch: (request) => Promise.resolve(answer(request)),
    throttled: (seconds) =>
      problem(seconds % 2 === 0 ? 403 : 429, "API rate limit exceeded", {
        ...date(),
        "X-RateLimit-Limit": "1750",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": String(Math.ceil(world.now() / 1000) + seconds),
      }),
  };
}

function byPage(found: readonly HeldRecord[], url: URL, perPage: number) {
  const page = Number(url.searchParams.get("page") ?? "1");
  const records = found.slice((page - 1) * perPage, page * perPage);
  return { records, next: found.length > page * perPage ? String(page + 1) : undefined };
}

function inOrder(one: Pick<HeldRecord, "at" | "n">, other: Pick<HeldRecord, "at" | "n">): number {
  return one.at - other.at || one.n - other.n;
}
