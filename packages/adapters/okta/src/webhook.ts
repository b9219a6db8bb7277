import { Type as T } from "@sinclair/typebox";
import type { Webhook } from "@tributary/adapter-kit";
import { matchesSecret, SecretOption } from "@tributary/adapter-kit/webhook";

const Options = T.Object({
  secrets: T.Array(SecretOption(), {
    minItems: 1,
    description: "Authentication secret of the event hook; several while it is changed.",
  }),
  header: T.String({
    pattern: "^[A-Za-z0-9-]{1,100}$",
    default: "Authorization",
    description: "Authentication field of the event hook: the header that carries the secret.",
  }),
});

/** Longer challenges are not Okta's. */
const longestChallenge = 1024;

/**
 * Okta's event hooks. The sender is proven by a secret in a header: Okta signs nothing, so the address must be https. The
 * one-time verification is a GET that wants its challenge back.
 * Vendor page: developer.okta.com, Event hooks.
 */
export const webhook: Webhook<typeof Options> = {
  options: Options,
  receive: ({ method, headers, body }, { options }) => {
    const challenge = headers.get("x-okta-verification-challenge");
    if (method === "GET" && challenge !== null && challenge !== "" && challenge.length <= longestChallenge)
      return Promise.resolve({
        kind: "reply",
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ verification: challenge }),
      });
    if (method !== "POST")
      return Promise.resolve({ kind: "refused", status: 405, message: "Event hooks are sent by POST." });
    if (!matchesSecret(headers.get(options.header), options.secrets))
      return Promise.resolve({
        kind: "refused",
        status: 401,
        message: "The authentication field or its secret is wrong.",
      });
    if (body.length === 0) return Promise.resolve({ kind: "refused", status: 400, message: "The delivery is empty." });
    return Promise.resolve({ kind: "records", body, format: "json" });
  },
};
