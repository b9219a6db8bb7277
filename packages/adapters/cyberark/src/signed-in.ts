import { textAt, valueAt } from "@tributary/adapter-kit";
import type { PollHost } from "@tributary/adapter-kit";
import { readAnswer, tokenFetch, VendorError } from "@tributary/adapter-kit/poll";
import type { CyberarkPollOptions } from "./poll-options.ts";

/**
 * `host.fetch` with the credentials of the Audit service: an access token of the scope isp.audit.events:read, which the
 * Identity tenant gives to the service user, and the API key of the SIEM integration.
 * Vendor pages: docs.cyberark.com, "SIEM integration API"; "client credentials flow".
 */
export function signedIn(host: PollHost<CyberarkPollOptions>): PollHost<CyberarkPollOptions>["fetch"] {
  const { identityUrl, applicationId, clientId, clientSecret, apiKey } = host.options;
  const endpoint = new URL(`/oauth2/token/${applicationId}`, identityUrl);
  const send = tokenFetch(host, {
    ask: async () => {
      const response = await host.fetch(endpoint, {
        method: "POST",
        headers: {
          Authorization: `Basic ${base64(`${clientId}:${clientSecret.reveal().trim()}`)}`,
          "Content-Type": "application/x-www-form-urlencoded",
          Accept: "application/json",
        },
        body: new URLSearchParams({ grant_type: "client_credentials", scope: "isp.audit.events:read" }).toString(),
      });
      const { value } = await readAnswer(response, { what: "an access token of CyberArk Identity" });
      const token = textAt(value, "access_token");
      const seconds = valueAt(value, "expires_in");
      if (token === undefined)
        throw new VendorError("VENDOR_ANSWER_INVALID", "CyberArk Identity's answer for an access token holds none.");
      return { token, expiresInSeconds: typeof seconds === "number" ? seconds : 1799 };
    },
  });
  return (url, init) => {
    const headers = new Headers(init?.headers);
    headers.set("x-api-key", apiKey.reveal().trim());
    return send(url, { ...init, headers });
  };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
