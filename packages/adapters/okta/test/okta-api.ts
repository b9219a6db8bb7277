import { createPublicKey, verify } from "node:crypto";
import type { JsonWebKey } from "node:crypto";
import type { FakeVendor, VendorWorld } from "@tributary/adapter-kit/suite";

export interface OktaApiOptions {
  /** The token of `Authorization: SSWS`. */
  readonly apiToken?: string;
  /** The app that may ask for access tokens, and its public key. */
  readonly app?: { readonly clientId: string; readonly publicKey: JsonWebKey };
  /** ms since 1970 before which links are forgotten. */
  readonly linksSince?: () => number;
}

export const orgUrl = "https://example.okta.com";
const perMinute = 60;
const dayMs = 86_400_000;
const known = new Set(["since", "until", "after", "filter", "q", "limit", "sortOrder"]);

/** Okta's System Log API as far as polling goes, with its sign-in, links, limits and errors. */
export function oktaApi(world: VendorWorld, { apiToken, app, linksSince }: OktaApiOptions): FakeVendor {
  const asked: number[] = [];
  const tokens = new Map<string, number>();
  let issued = 0;
  const error = (status: number, errorCode: string, errorSummary: string, headers: Record<string, string> = {}) =>
    Response.json(
      { errorCode, errorSummary, errorLink: errorCode, errorId: "oae0", errorCauses: [] },
      { status, headers: { date: new Date(world.now()).toUTCString(), ...headers } },
    );
  const tooMany = (reset: number) => error(429, "E0000047", "API call exceeded rate limit.", limits(0, reset));

  const signedIn = (request: Request): boolean => {
    const [scheme, token = ""] = (request.headers.get("authorization") ?? "").split(" ");
    if (apiToken !== undefined) return scheme === "SSWS" && token === apiToken;
    return scheme === "Bearer" && (tokens.get(token) ?? 0) > world.now();
  };

  const tokenFor = async (request: Request): Promise<Response> => {
    const form = new URLSearchParams(await request.text());
    const assertion = form.get("client_assertion") ?? "";
    const bad =
      request.method !== "POST" ||
      request.headers.get("content-type") !== "application/x-www-form-urlencoded" ||
      form.get("grant_type") !== "client_credentials" ||
      form.get("client_assertion_type") !== "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    if (bad) return Response.json({ error: "invalid_request" }, { status: 400 });
    if (form.get("scope") !== "okta.logs.read") return Response.json({ error: "invalid_scope" }, { status: 400 });
    if (app === undefined || !proves(assertion, app, world.now()))
      return Response.json({ error: "invalid_client" }, { status: 401 });
    issued += 1;
    const token = `access-${issued}`;
    tokens.set(token, world.now() + 3_600_000);
    return Response.json({
      token_type: "Bearer",
      expires_in: 3600,
      access_token: token,
      scope: "okta.logs.read",
    });
  };

  const logs = (request: Request, url: URL): Response => {
    if (request.method !== "GET") return error(405, "E0000022", "The endpoint does not support the HTTP method.");
    if (!signedIn(request)) return error(401, "E0000011", "Invalid token provided");
    const now = world.now();
    while (asked.length > 0 && asked[0]! <= now - 60_000) asked.shift();
    if (asked.length >= perMinute) return tooMany(Math.ceil(asked[0]! / 1000) + 60);
    asked.push(now);

    const { searchParams } = url;
    const limit = Number(searchParams.get("limit") ?? 100);
    const after = searchParams.get("after");
    const since = searchParams.get("since");
    if ([...searchParams.keys()].some((key) => !known.has(key)))
      return error(400, "E0000001", "Api validation failed: unknown parameter");
    if (!Number.isInteger(limit) || limit < 0 || limit > 1000)
      return error(400, "E0000001", "Api validation failed: limit");
    if (searchParams.get("sortOrder") !== "ASCENDING" || searchParams.has("until"))
      return error(400, "E0000001", "This fake answers polling requests only.");
    if (after !== null && since !== null)
      return error(400, "E0000001", "Api validation failed: since and after exclude each other");
    const from = since === null ? now - 7 * dayMs : Date.parse(since);
    if (Number.isNaN(from)) return error(400, "E0000001", "Api validation failed: since");
    if (from < now - 180 * dayMs) return error(400, "E0000053", "since parameter is over 180 days prior");

    const all = world.visible();
    let at = 0;
    if (after === null) {
      const oldest = Math.max(from, now - 90 * dayMs);
      at = all.findIndex(({ shownAt }) => shownAt >= oldest);
      if (at < 0) at = all.length;
    } else {
      const link = /^(\d+)_(\d+)$/.exec(Buffer.from(after, "base64url").toString());
      if (link === null || Number(link[2]) < (linksSince?.() ?? 0))
        return error(400, "E0000001", "Api validation failed: after");
      at = Number(link[1]);
    }
    const page = all.slice(at, at + limit);
    // An empty page keeps its cursor; the next link is always there.
    const next = new URL("/api/v1/logs", orgUrl);
    next.searchParams.set("limit", String(limit));
    next.searchParams.set("sortOrder", "ASCENDING");
    const cursor = page.length === 0 && after !== null ? after : opaque(at + page.length, now);
    next.searchParams.set("after", cursor);
    return Response.json(
      page.map(({ record }) => record),
      {
        headers: {
          link: `<${url.href}>; rel="self", <${next.href}>; rel="next"`,
          date: new Date(now).toUTCString(),
          ...limits(perMinute - asked.length, Math.ceil(asked[0]! / 1000) + 60),
        },
      },
    );
  };

  return {
    fetch: (request) => {
      const url = new URL(request.url);
      if (url.origin !== orgUrl) return Promise.resolve(new Response("", { status: 404 }));
      if (url.pathname === "/oauth2/v1/token") return tokenFor(request);
      if (url.pathname === "/api/v1/logs") return Promise.resolve(logs(request, url));
      return Promise.resolve(error(404, "E0000022", "The endpoint does not exist."));
    },
    throttled: (seconds) => tooMany(Math.ceil(world.now() / 1000) + seconds),
  };
}

const limits = (remaining: number, reset: number) => ({
  "x-rate-limit-limit": String(perMinute),
  "x-rate-limit-remaining": String(remaining),
  "x-rate-limit-reset": String(reset),
});

const opaque = (at: number, now: number) => Buffer.from(`${at}_${now}`).toString("base64url");

const part = (text: string): Record<string, unknown> => JSON.parse(Buffer.from(text, "base64url").toString());

/** Whether an assertion is the app's, for this endpoint, and alive. */
function proves(
  assertion: string,
  app: { readonly clientId: string; readonly publicKey: JsonWebKey },
  now: number,
): boolean {
  const [head = "", body = "", signature = ""] = assertion.split(".");
  if (head === "" || body === "") return false;
  const header = part(head);
  const claims = part(body);
  const key = createPublicKey({ key: app.publicKey, format: "jwk" });
  const elliptic = header["alg"] === "ES256";
  return (
    header["kid"] === app.publicKey["kid"] &&
    claims["iss"] === app.clientId &&
    claims["sub"] === app.clientId &&
    claims["aud"] === `${orgUrl}/oauth2/v1/token` &&
    Number(claims["exp"]) * 1000 > now &&
    Number(claims["exp"]) - Number(claims["iat"]) <= 3600 &&
    verify(
      "sha256",
      Buffer.from(`${head}.${body}`),
      elliptic ? { key, dsaEncoding: "ieee-p1363" } : key,
      Buffer.from(signature, "base64url"),
    )
  );
}
