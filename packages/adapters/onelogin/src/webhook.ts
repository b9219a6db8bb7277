import { Type as T } from "@sinclair/typebox";
import type { Webhook } from "@tributary/adapter-kit";
import { matchesSecret, SecretOption } from "@tributary/adapter-kit/webhook";

const Options = T.Object({
  secrets: T.Array(SecretOption(), {
    minItems: 1,
    description: "The whole value of the webhook's custom header; several while it is changed.",
  }),
  header: T.String({
    pattern: "^[A-Za-z0-9-]{1,100}$",
    default: "Authorization",
    description: "Name of the webhook's custom header that carries the secret.",
  }),
});

const openingBracket = 0x5b;
const isBlank = (byte: number) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/**
 * OneLogin's webhooks (Event Broadcaster) of the formats JSON Array and SIEM (NDJSON). The sender is proven by a custom header:
 * OneLogin documents no signature, so the address must be https.
 * Vendor page: developers.onelogin.com, Event Webhooks.
 */
export const webhook: Webhook<typeof Options> = {
  options: Options,
  receive: ({ method, headers, body }, { options }) => {
    if (method !== "POST")
      return Promise.resolve({ kind: "refused", status: 405, message: "Webhooks are sent by POST." });
    if (!matchesSecret(headers.get(options.header), options.secrets))
      return Promise.resolve({ kind: "refused", status: 401, message: "The custom header is missing or wrong." });
    const first = body.find((byte) => !isBlank(byte));
    if (first === undefined)
      return Promise.resolve({ kind: "refused", status: 400, message: "The delivery is empty." });
    return Promise.resolve({ kind: "records", body, format: first === openingBracket ? "json" : "ndjson" });
  },
};
