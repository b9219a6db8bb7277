import type { FakeVendor, VendorWorld } from "@tributary/adapter-kit/suite";

export const identityUrl = "https://abc1234.id.cyberark.cloud";
export const apiUrl = "https://example.audit.cyberark.cloud";
export const credentials = {
  applicationId: "siemapp",
  clientId: "siem@cyberark.cloud.1234",
  clientSecret: "synthetic-password-of-the-service-user",
  apiKey: "synthetic-api-key",
};

export interface AuditServiceOptions {
  /** How long a reference is taken. Default 30 minutes. */
  readonly refMs?: number;
  /** Ignores what the query asks: descending. */
  readonly descending?: boolean;
  /** The reference of each page leads to itself. */
  readonly stuck?: boolean;
  /** Takes no reference but that of a first page. */
  readonly forgetful?: boolean;
  /** The last page has no reference and no empty page follows it. */
  readonly noEmptyPage?: boolean;
}

interface Ref {
  readonly from: number;
  readonly size: number;
  readonly at: number;
  readonly made: number;
}

/** The SIEM integration API of CyberArk's Audit service and the token endpoint of Identity, as far as polling goes. */
export function auditServiceApi(world: VendorWorld, options: AuditServiceOptions = {}): FakeVendor {
  const { refMs = 30 * 60_000 } = options;
  const tokens = new Map<string, number>();
  let issued = 0;
  const tokenFor = async (request: Request): Promise<Response> => {
    const form = new URLSearchParams(await request.text());
    if (request.method !== "POST" || request.headers.get("content-type") !== "application/x-www-form-urlencoded")
      return refused(400, "invalid_request");
    const basic = Buffer.from(`${credentials.clientId}:${credentials.clientSecret}`).toString("base64");
    if (request.headers.get("authorization") !== `Basic ${basic}`) return refused(401, "invalid_client");
    if (form.get("grant_type") !== "client_credentials") return refused(400, "unsupported_grant_type");
    if (form.get("scope") !== "isp.audit.events:read") return refused(400, "invalid_scope");
    issued += 1;
    tokens.set(`token-${issued}`, world.now() + 1_799_000);
    return Response.json({ access_token: `token-${issued}`, token_type: "Bearer", expires_in: 1799 });
  };

  const createQuery = (body: Record<string, unknown>): Response => {
    const query = body["query"] as Record<string, unknown> | undefined;
    const size = query?.["pageSize"];
    const from = (query?.["filterModel"] as { date?: { dateFrom?: string } } | undefined)?.date?.dateFrom ?? "";
    if (typeof size !== "number" || !Number.isInteger(size) || size < 1 || size > 1000)
      return error(400, "BAD_REQUEST", "pageSize is not valid");
    if (!/^\d{4}-\d\d-\d\dT/.test(from)) return error(400, "BAD_REQUEST", "dateFrom is not valid");
    if (JSON.stringify(query?.["sortModel"]) !== '[{"field_name":"date","direction":"asc"}]')
      return error(400, "BAD_REQUEST", "sortModel is not valid");
    return Response.json({ cursorRef: written({ from: Date.parse(from), size, at: 0, made: world.now() }) });
  };

  const results = (body: Record<string, unknown>): Response => {
    const ref = read(body["cursorRef"]);
    if (ref === undefined) return error(400, "BAD_REQUEST", "cursorRef is not valid");
    if (ref.made < world.now() - refMs || (options.forgetful === true && ref.at > 0))
      return error(404, "NOT_FOUND", "cursorRef has expired");
    // The filter compares whole seconds.
    const from = Math.floor(ref.from / 1000);
    const found = world
      .visible()
      .filter(({ at }) => Math.floor(at / 1000) >= from)
      .toSorted((a, b) => (options.descending === true ? b.at - a.at || b.n - a.n : a.at - b.at || a.n - b.n));
    const data = found.slice(ref.at, ref.at + ref.size).map(({ record }) => record);
    const last = options.noEmptyPage === true && ref.at + ref.size >= found.length;
    const next = options.stuck === true ? String(body["cursorRef"]) : written({ ...ref, at: ref.at + data.length });
    return Response.json(last ? { data } : { data, paging: { cursor: { cursorRef: next } } });
  };

  const api = async (request: Request, call: string): Promise<Response> => {
    if (request.method !== "POST") return error(405, "METHOD_NOT_ALLOWED", "POST only");
    if (request.headers.get("x-api-key") !== credentials.apiKey) return error(403, "FORBIDDEN", "API key is not valid");
    const [scheme, token = ""] = (request.headers.get("authorization") ?? "").split(" ");
    if (scheme !== "Bearer" || (tokens.get(token) ?? 0) <= world.now())
      return error(401, "UNAUTHORIZED", "The token is not valid");
    if (request.headers.get("content-type") !== "application/json")
      return error(415, "UNSUPPORTED_MEDIA_TYPE", "JSON only");
    const body: Record<string, unknown> = JSON.parse(await request.text());
    if (call === "createQuery") return createQuery(body);
    return call === "results" ? results(body) : error(404, "NOT_FOUND", "No such call");
  };

  return {
    fetch: (request) => {
      const url = new URL(request.url);
      if (url.origin === identityUrl && url.pathname === `/oauth2/token/${credentials.applicationId}`)
        return tokenFor(request);
      const call = /^\/api\/audits\/stream\/(\w+)$/.exec(url.pathname)?.[1];
      if (url.origin === apiUrl && call !== undefined) return api(request, call);
      return Promise.resolve(error(404, "NOT_FOUND", "There is nothing here."));
    },
    throttled: tooMany,
  };
}

const error = (status: number, code: string, description: string, headers: Record<string, string> = {}) =>
  Response.json({ code, message: code, description }, { status, headers });

const refused = (status: number, name: string) =>
  Response.json({ error: name, error_description: "The request was refused." }, { status });

const tooMany = (seconds: number) =>
  error(429, "TOO_MANY_REQUESTS", "Rate limit exceeded", { "retry-after": String(seconds) });

const written = (ref: Ref): string => Buffer.from(JSON.stringify(ref)).toString("base64");

function read(ref: unknown): Ref | undefined {
  try {
    return JSON.parse(Buffer.from(String(ref), "base64").toString());
  } catch {
    return undefined;
  }
}
