import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import type { FakeVendor, VendorWorld } from "@tributary/adapter-kit/suite";

/** The service account the fake knows. */
export const clientId = "client-of-the-test";
export const clientSecret = "client-secret-of-the-test";
/** The addresses of the fake. */
export const url = "https://api.us1.app.wiz.io/graphql";
const tokenUrl = "https://auth.app.wiz.io/oauth/token";

export interface WizFaults {
  /** The order of answers: the vendor does not say. Default: newest first. */
  readonly ascending?: boolean;
  /** Whether bounds of time include themselves: the vendor does not say. */
  readonly inclusive?: boolean;
  /** How long a token is good for. Default 900 s. */
  readonly tokenSeconds?: number;
  /** How far Wiz's clock is behind that of the world, ms. */
  readonly behind?: number;
  /** Cursors that are refused. */
  readonly refuses?: (after: string) => boolean;
  /** An answer in place of the fake's own. */
  readonly answers?: (after: string | undefined) => Response | undefined;
  /** Told the variables of every query that is answered. */
  readonly asked?: (variables: Json) => void;
}

/**
 * Wiz's token endpoint and GraphQL API: a cursor is the time of the last record, so a page after it holds no other record of
 * that time; errors come with HTTP 200.
 */
export function wizApi(world: VendorWorld, faults: WizFaults = {}): FakeVendor {
  const tokens = new Map<string, number>();

  const token = async (request: Request): Promise<Response> => {
    const form = new URLSearchParams(await request.text());
    const known =
      request.headers.get("content-type") === "application/x-www-form-urlencoded" &&
      form.get("grant_type") === "client_credentials" &&
      form.get("audience") === "wiz-api" &&
      form.get("client_id") === clientId &&
      form.get("client_secret") === clientSecret;
    if (!known) return Response.json({ error: "access_denied", error_description: "Unauthorized" }, { status: 401 });
    const life = faults.tokenSeconds ?? 900;
    const given = `token-${tokens.size}`;
    tokens.set(given, world.now() + life * 1000);
    return Response.json({ access_token: given, token_type: "Bearer", expires_in: life });
  };

  const graphql = async (request: Request): Promise<Response> => {
    const bearer = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? "";
    if (world.now() >= (tokens.get(bearer) ?? 0)) return Response.json({ message: "Unauthorized" }, { status: 401 });
    const asked: Json = JSON.parse(await request.text());
    const variables = valueAt(asked, "variables") ?? {};
    const issues = textAt(asked, "query")?.includes("issuesV2(") === true;
    const filter = issues ? "statusChangedAt" : "timestamp";
    const first = valueAt(variables, "first");
    if (typeof first !== "number" || first < 1 || first > 5000) return errors("GRAPHQL_VALIDATION_FAILED");
    const [from, to] = ["after", "before"].map((bound) => textAt(variables, "filterBy", filter, bound));
    const cursor = textAt(variables, "after");
    if (cursor !== undefined && faults.refuses?.(cursor) === true) return errors("BAD_USER_INPUT");
    const other = faults.answers?.(cursor);
    if (other !== undefined) return other;
    faults.asked?.(variables);
    const edge = faults.inclusive === true ? 0.5 : 0;
    const sign = faults.ascending === true ? 1 : -1;
    const behind = cursor === undefined ? undefined : Date.parse(decoded(cursor));
    const [least, most] = [Date.parse(from ?? "") - edge, Date.parse(to ?? "") + edge];
    const all = world
      .visible()
      .filter(({ at }) => at > least && at < most && (behind === undefined || sign * (at - behind) > 0))
      .filter(({ record }) => (record["action"] === undefined) === issues)
      .toSorted((a, b) => sign * (a.at - b.at || a.n - b.n));
    const nodes = all.slice(0, first).map(({ record }) => record);
    const end = nodes.at(-1);
    const pageInfo = {
      hasNextPage: all.length > nodes.length,
      endCursor: end === undefined ? null : encoded(textAt(end, filter) ?? ""),
    };
    return Response.json(
      { data: { [issues ? "issuesV2" : "auditLogEntries"]: { nodes, pageInfo } } },
      { headers: { Date: new Date(world.now() - (faults.behind ?? 0)).toUTCString() } },
    );
  };

  return {
    fetch: (request) => {
      if (request.method !== "POST") return Promise.resolve(new Response("", { status: 405 }));
      if (request.url === tokenUrl) return token(request);
      return request.url === url ? graphql(request) : Promise.resolve(new Response("", { status: 404 }));
    },
    throttled: (seconds) =>
      Response.json({ message: "Rate limit exceeded" }, { status: 429, headers: { "Retry-After": String(seconds) } }),
  };
}

const errors = (code: string) => Response.json({ data: null, errors: [{ message: "refused", extensions: { code } }] });
const encoded = (value: string) => btoa(JSON.stringify({ fields: [{ Field: "Timestamp", Value: value }] }));
const decoded = (cursor: string) => textAt(JSON.parse(atob(cursor)), "fields", 0, "Value") ?? "";
