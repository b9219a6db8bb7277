import { textAt, TributaryError, valueAt } from "@tributary/adapter-kit";
import type { PollHost } from "@tributary/adapter-kit";
import { readAnswer, tokenFetch, VendorError } from "@tributary/adapter-kit/poll";
import type { SnykPollOptions } from "./poll-options.ts";

/**
 * `host.fetch` with Snyk's credentials: an API token, or an access token for client credentials, which is asked for again in
 * time. Throws `OPTIONS_INVALID` unless the options hold exactly one of the two.
 * Vendor pages: docs.snyk.io, "Authentication for API"; "OAuth 2.0 API".
 */
export function signedIn(host: PollHost<SnykPollOptions>): PollHost<SnykPollOptions>["fetch"] {
  const { token, clientId, clientSecret, api } = host.options;
  if (token !== undefined && clientId === undefined && clientSecret === undefined)
    return (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set("Authorization", `token ${token.reveal().trim()}`);
      return host.fetch(url, { ...init, headers });
    };
  if (token !== undefined || clientId === undefined || clientSecret === undefined)
    throw new TributaryError("Say how to sign in to Snyk: the option token, or clientId with clientSecret.", {
      code: "OPTIONS_INVALID",
    });
  return tokenFetch(host, {
    ask: async () => {
      const form = {
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret.reveal().trim(),
      };
      const response = await host.fetch(new URL("/oauth2/token", api), {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
        body: new URLSearchParams(form).toString(),
      });
      const { value } = await readAnswer(response, { what: "an access token of Snyk" });
      const granted = textAt(value, "access_token");
      const seconds = valueAt(value, "expires_in");
      if (granted === undefined)
        throw new VendorError("VENDOR_ANSWER_INVALID", "Snyk's answer for an access token holds none.");
      return { token: granted, expiresInSeconds: typeof seconds === "number" ? seconds : 3600 };
    },
  });
}
