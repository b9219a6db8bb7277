import type { Static } from "@sinclair/typebox";
import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject, PollHost } from "@tributary/adapter-kit";
import { readAnswer, tokenFetch, VendorError, vendorNow } from "@tributary/adapter-kit/poll";
import type { pollOptions } from "./poll-options.ts";
import type { Query } from "./queries.ts";

/** A page of a connection. */
export interface Connection {
  /** The whole answer, as received. */
  readonly bytes: Uint8Array;
  readonly nodes: readonly Json[];
  /** The cursor of the page after it; undefined for the last one. */
  readonly next: string | undefined;
  /** Wiz's clock, ms. */
  readonly now: number;
}

/** Asks a query; `cursor-refused` when the API did not take the cursor among the variables. */
export type Ask = (query: Query, variables: JsonObject) => Promise<Connection | "cursor-refused">;

/** Codes of GraphQL errors that no waiting mends. */
const refusals: ReadonlySet<string> = new Set([
  "UNAUTHENTICATED",
  "UNAUTHORIZED",
  "FORBIDDEN",
  "ACCESS_DENIED",
  "GRAPHQL_VALIDATION_FAILED",
  "GRAPHQL_PARSE_FAILED",
]);

/** Codes of errors that pass: they say nothing of a cursor, which is asked for again. */
const passing = /rate|limit|throttl|too_many|internal|unavailable|timeout|timed_out/i;

/**
 * The GraphQL API with a token of the service account (OAuth 2 client credentials). Errors come with HTTP 200 and `errors`:
 * they are read as such, also beside data. Throws `VENDOR_REFUSED`, `VENDOR_UNAVAILABLE`
 * and `VENDOR_ANSWER_INVALID`.
 */
export function graphql(host: PollHost<Static<typeof pollOptions>>): Ask {
  const { url, clientId, clientSecret, tokenUrl, audience } = host.options;
  const endpoint = new URL("/graphql", url);
  const ask = async () => {
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      audience,
      client_id: clientId,
      client_secret: clientSecret.reveal(),
    });
    const headers = { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" };
    const sent = await host.fetch(new URL(tokenUrl), { method: "POST", headers, body: form.toString() });
    const { value } = await readAnswer(sent, { what: "a token of Wiz" });
    const token = textAt(value, "access_token");
    if (token === undefined)
      throw new VendorError("VENDOR_ANSWER_INVALID", "The answer for a token of Wiz has no access_token.");
    const expires = valueAt(value, "expires_in");
    return { token, expiresInSeconds: typeof expires === "number" ? expires : 600 };
  };
  const send = tokenFetch(host, { ask });
  return async ({ text, connection }, variables) => {
    const what = `${connection} of Wiz`;
    const response = await send(endpoint, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: JSON.stringify({ query: text, variables }),
    });
    const { bytes, value, headers } = await readAnswer(response, { what });
    const errors = valueAt(value, "errors");
    if (Array.isArray(errors) && errors.length > 0) return refusedBy(errors, what, variables);
    const nodes = valueAt(value, "data", connection, "nodes");
    const more = valueAt(value, "data", connection, "pageInfo", "hasNextPage");
    const next = textAt(value, "data", connection, "pageInfo", "endCursor");
    if (!Array.isArray(nodes) || typeof more !== "boolean" || (more && next === undefined))
      throw new VendorError("VENDOR_ANSWER_INVALID", `The answer for ${what} has no nodes or no pageInfo.`);
    return { bytes, nodes, next: more ? next : undefined, now: vendorNow(headers, host) };
  };
}

function refusedBy(errors: readonly Json[], what: string, variables: JsonObject): "cursor-refused" {
  const codes = errors.map((error) => textAt(error, "extensions", "code") ?? "no code");
  const told = codes
    .map((code) => code.replaceAll(/[^\w -]/g, "").slice(0, 40))
    .slice(0, 3)
    .join(", ");
  if (codes.some((code) => refusals.has(code)))
    throw new VendorError("VENDOR_REFUSED", `Wiz refused ${what} (${told}): check the scopes that the README names.`);
  if (codes.some((code) => passing.test(code)))
    throw new VendorError("VENDOR_UNAVAILABLE", `Wiz answered ${what} with errors (${told}); it is asked again later.`);
  if (variables["after"] !== undefined) return "cursor-refused";
  throw new VendorError("VENDOR_ANSWER_INVALID", `Wiz answered ${what} with errors (${told}).`);
}
