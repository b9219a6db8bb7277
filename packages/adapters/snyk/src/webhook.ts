import { Type as T } from "@sinclair/typebox";
import type { Received, Secret, Webhook, WebhookRequest } from "@tributary/adapter-kit";
import { joinBytes, matchesHmac, SecretOption } from "@tributary/adapter-kit/webhook";

const options = T.Object(
  {
    secrets: T.Array(SecretOption({ description: "A secret given when a webhook was made." }), {
      minItems: 1,
      description: "The secret of the webhook; several for several webhooks, or while one is replaced.",
    }),
  },
  { additionalProperties: false },
);

/**
 * The receiver of Snyk's webhooks: `X-Hub-Signature` is `sha256=` and the HMAC of the body as received, under one of the
 * secrets. What it hands on is the body unchanged in `payload`, with the headers' values.
 * Vendor page: docs.snyk.io, "Validation and versioning of payloads".
 */
export const webhook: Webhook<typeof options> = {
  options,
  receive: (request, host) => Promise.resolve(received(request, host.options.secrets)),
};

function received({ method, headers, body }: WebhookRequest, secrets: readonly Secret[]): Received {
  if (method !== "POST") return { kind: "refused", status: 405, message: "Snyk delivers with POST." };
  const signature = headers.get("x-hub-signature") ?? "";
  const hex = signature.startsWith("sha256=") ? signature.slice(7) : undefined;
  if (!matchesHmac(hex, [body], { algorithm: "sha256", encoding: "hex", secrets }))
    return { kind: "refused", status: 401, message: "The signature is not that of a secret of this webhook." };
  const event = headers.get("x-snyk-event") ?? "";
  const transportId = headers.get("x-snyk-transport-id") ?? "";
  const timestamp = headers.get("x-snyk-timestamp");
  if (!/^[\w.-]{1,100}(?:\/[\w.-]{1,20})?$/.test(event) || !/^[-_A-Za-z0-9]{1,128}$/.test(transportId))
    return {
      kind: "refused",
      status: 400,
      message: "X-Snyk-Event and X-Snyk-Transport-ID must name the event and the delivery.",
    };
  if (!isJsonObject(body)) return { kind: "refused", status: 415, message: "The body must be a JSON object." };
  if (/^ping(?:\/|$)/.test(event)) return { kind: "reply", status: 200, body: "pong" };
  const head = JSON.stringify({ event, transportId, ...(timestamp === null ? {} : { timestamp }) });
  // The payload's bytes go in as they came: parsed and written again, big numbers would change.
  const whole = joinBytes([`${head.slice(0, -1)},"payload":`, body, "}"]);
  return { kind: "records", body: whole, format: "json", replayKey: transportId };
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function isJsonObject(body: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(utf8.decode(body));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
