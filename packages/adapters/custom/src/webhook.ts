import type { Received, Webhook, WebhookRequest } from "@tributary/adapter-kit";
import { bodyFormat } from "./webhook/body-format.ts";
import { handshake } from "./webhook/handshake.ts";
import { proven } from "./webhook/proven.ts";
import { isBinaryEvent, structuredEvent } from "./webhook/structured-event.ts";
import { webhookOptions } from "./webhook/webhook-options.ts";
import type { WebhookOptions } from "./webhook/webhook-options.ts";

/**
 * The receiver of pushes: CloudEvents over HTTP (structured, batched, binary, and the handshake that registers a
 * receiver), Standard Webhooks, and any POST that has a shared secret in a header.
 */
export const webhook: Webhook<typeof webhookOptions> = {
  options: webhookOptions,
  receive: (request, host) => Promise.resolve(received(request, host.options, host.now())),
};

function received(request: WebhookRequest, { proofs, format, origins = [] }: WebhookOptions, now: number): Received {
  const { method, headers, body } = request;
  if (method === "OPTIONS") return handshake(headers, origins);
  if (method !== "POST") return { kind: "refused", status: 405, message: "A delivery is a POST." };
  const proof = proven(request, proofs, now);
  if (proof === undefined)
    return {
      kind: "refused",
      status: 401,
      message: "The delivery does not prove its sender, or is older than 5 minutes.",
    };
  const type = headers.get("content-type") ?? "";
  if (/^application\/cloudevents(?:-batch)?\+json\s*(?:;|$)/i.test(type))
    return { kind: "records", body, format: "json", ...proof };
  if (/^application\/cloudevents/i.test(type))
    return {
      kind: "refused",
      status: 415,
      message: "CloudEvents are read as JSON: application/cloudevents+json or -batch+json.",
    };
  if (isBinaryEvent(headers)) {
    const event = structuredEvent(headers, body);
    if (typeof event !== "string") return { kind: "refused", status: 400, message: event.why };
    return { kind: "records", body: new TextEncoder().encode(event), format: "json", ...proof };
  }
  const found = format ?? bodyFormat(type, body);
  if (found === undefined)
    return {
      kind: "refused",
      status: 415,
      message:
        "Neither the content type nor the body's beginning tells its format: send application/json, or set format.",
    };
  return { kind: "records", body, format: found, ...proof };
}
