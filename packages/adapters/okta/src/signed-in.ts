import { textAt, TributaryError, valueAt } from "@tributary/adapter-kit";
import type { PollHost } from "@tributary/adapter-kit";
import { readAnswer, tokenFetch, VendorError } from "@tributary/adapter-kit/poll";
import { clientAssertion } from "./client-assertion.ts";
import type { OktaPollOptions } from "./poll-options.ts";

/**
 * `host.fetch` with Okta's credentials: an API token as `SSWS`, or an access token of the scope okta.logs.read, which is good
 * for an hour and is asked for again in time. Throws `OPTIONS_INVALID` unless the options hold exactly one of the two.
 * Vendor pages: developer.okta.com, API token management; Implement OAuth for Okta with a service app.
 */
export function signedIn(host: PollHost<OktaPollOptions>): PollHost<OktaPollOptions>["fetch"] {
  const { apiToken, clientId, privateKey, keyId, orgUrl } = host.options;
  if (apiToken !== undefined && clientId === undefined && privateKey === undefined)
    return (url, init) => {
      const headers = new Headers(init?.headers);
      headers.set("Authorization", `SSWS ${apiToken.reveal().trim()}`);
      return host.fetch(url, { ...init, headers });
    };
  if (apiToken !== undefined || clientId === undefined || privateKey === undefined)
    throw new TributaryError("Say how to sign in to Okta: the option apiToken, or clientId with privateKey.", {
      code: "OPTIONS_INVALID",
    });
  const endpoint = new URL("/oauth2/v1/token", orgUrl);
  return tokenFetch(host, {
    ask: async () => {
      const assertion = clientAssertion({
        clientId,
        privateKey: privateKey.reveal(),
        keyId,
        audience: endpoint.href,
        now: host.now(),
      });
      const form = new URLSearchParams({
        grant_type: "client_credentials",
        scope: "okta.logs.read",
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: assertion,
      });
      const response = await host.fetch(endpoint, {
        method: "POST",
        headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "application/json" },
        body: form.toString(),
      });
      const { value } = await readAnswer(response, { what: "an access token of Okta" });
      const token = textAt(value, "access_token");
      const seconds = valueAt(value, "expires_in");
      if (token === undefined)
        throw new VendorError("VENDOR_ANSWER_INVALID", "Okta's answer for an access token holds none.");
      return { token, expiresInSeconds: typeof seconds === "number" ? seconds : 3600 };
    },
  });
}
