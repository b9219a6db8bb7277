import { Type as T } from "@sinclair/typebox";
import type { Webhook } from "@tributary/adapter-kit";
import { matchesHmac, SecretOption } from "@tributary/adapter-kit/webhook";

const options = T.Object(
  {
    secrets: T.Array(SecretOption({ description: "The secret of the webhook, as LaunchDarkly shows it." }), {
      minItems: 1,
      description: "The webhook's secret; several while it is changed.",
    }),
  },
  { additionalProperties: false },
);

/**
 * The receiver of LaunchDarkly's webhooks: one entry in each delivery, signed over the raw body by HMAC-SHA256 in lower
 * case hexadecimal digits. The signature covers no time, so a delivery cannot be too old; sent twice it has one id.
 * Vendor page: launchdarkly.com/docs, "Webhooks", "Verifying signatures".
 */
export const webhook: Webhook<typeof options> = {
  options,
  receive: ({ method, headers, body }, host) => {
    if (method !== "POST") return Promise.resolve({ kind: "refused", status: 405, message: "A delivery is a POST." });
    const signed = matchesHmac(headers.get("x-ld-signature"), [body], {
      algorithm: "sha256",
      encoding: "hex",
      secrets: host.options.secrets,
    });
    return Promise.resolve(
      signed
        ? { kind: "records", body, format: "json" }
        : { kind: "refused", status: 401, message: "The signature is missing or wrong." },
    );
  },
};
