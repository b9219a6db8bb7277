import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json, PollHost } from "@tributary/adapter-kit";
import { readAnswer, tokenFetch, VendorError } from "@tributary/adapter-kit/poll";
import { isLimited } from "./is-limited.ts";
import type { OneLoginPollOptions } from "./poll-options.ts";

/**
 * `host.fetch` with an access token, which is good for ten hours and is asked for again in time. OneLogin writes both
 * Authorization headers with a colon, `bearer:...` and `client_id:..., client_secret:...`.
 * Vendor page: developers.onelogin.com, Generate Tokens v2.
 */
export function signedIn(host: PollHost<OneLoginPollOptions>): PollHost<OneLoginPollOptions>["fetch"] {
  const { url, clientId, clientSecret } = host.options;
  const send = tokenFetch(host, {
    header: (token) => ["Authorization", `bearer:${token}`],
    ask: async () => {
      const response = await host.fetch(new URL("/auth/oauth2/v2/token", url), {
        method: "POST",
        headers: {
          Authorization: `client_id:${clientId}, client_secret:${clientSecret.reveal().trim()}`,
          "Content-Type": "application/json",
        },
        body: JSON.stringify({ grant_type: "client_credentials" }),
      });
      const { status, value } = await readAnswer(response, { what: "an access token of OneLogin", accept: [200, 400] });
      if (isLimited(value))
        throw new VendorError(
          "VENDOR_UNAVAILABLE",
          "OneLogin gives no access token now: the account's calls are used up.",
        );
      if (status !== 200)
        throw new VendorError("VENDOR_REFUSED", "OneLogin refused an access token with HTTP 400: check the options.");
      const token = textAt(value, "access_token");
      if (token === undefined)
        throw new VendorError("VENDOR_ANSWER_INVALID", "OneLogin's answer for an access token holds none.");
      return { token, expiresInSeconds: secondsLeft(value, host.now()) };
    },
  });
  return async (to, init) => {
    const response = await send(to, init);
    if (response.status !== 401) return response;
    // A token given to an earlier run may end while the host waits out the limit of calls: the next one is new.
    await response.body?.cancel();
    return send(to, init);
  };
}

/** OneLogin gives the same token until it ends, with its whole life in `expires_in`: what is left of it counts. */
function secondsLeft(answer: Json, now: number): number {
  const life = valueAt(answer, "expires_in");
  const age = (now - Date.parse(textAt(answer, "created_at") ?? "")) / 1000;
  if (typeof life !== "number") return 3600;
  return age > 0 ? Math.max(0, life - age) : life;
}
