import { Type as T } from "@sinclair/typebox";
import type { Received, Webhook, WebhookRequest } from "@tributary/adapter-kit";
import { joinBytes, matchesHmac, SecretOption } from "@tributary/adapter-kit/webhook";

const options = T.Object(
  {
    secrets: T.Array(SecretOption({ description: "A secret of the webhook's settings." }), {
      minItems: 1,
      description: "The webhook's secret; two while it is rotated.",
    }),
  },
  { additionalProperties: false },
);

/** Headers that tell of the webhook itself; they stand in the record. Enterprise Server sends the last two. */
const kept = [
  "X-GitHub-Hook-ID",
  "X-GitHub-Hook-Installation-Target-Type",
  "X-GitHub-Hook-Installation-Target-ID",
  "X-GitHub-Enterprise-Host",
  "X-GitHub-Enterprise-Version",
];

/**
 * The receiver of GitHub's webhooks: `X-Hub-Signature-256` over the body as received, under one of the secrets. What it hands
 * on is a delivery in the form in which GitHub's API shows one, the body unchanged in `request.payload`.
 * Vendor page: docs.github.com, "Validating webhook deliveries".
 */
export const webhook: Webhook<typeof options> = {
  options,
  receive: (request, host) => Promise.resolve(received(request, host.options.secrets, host.now())),
};

function received(
  request: WebhookRequest,
  secrets: Parameters<typeof matchesHmac>[2]["secrets"],
  now: number,
): Received {
  const { method, headers, body } = request;
  if (method !== "POST") return { kind: "refused", status: 405, message: "GitHub delivers with POST." };
  const signature = headers.get("x-hub-signature-256") ?? "";
  const hex = signature.startsWith("sha256=") ? signature.slice(7) : undefined;
  if (!matchesHmac(hex, [body], { algorithm: "sha256", encoding: "hex", secrets }))
    return { kind: "refused", status: 401, message: "The signature is not that of a secret of this webhook." };
  const event = headers.get("x-github-event") ?? "";
  const guid = headers.get("x-github-delivery") ?? "";
  if (!/^[a-z][a-z0-9_]{0,99}$/.test(event) || !/^[-_A-Za-z0-9]{1,128}$/.test(guid))
    return {
      kind: "refused",
      status: 400,
      message: "X-GitHub-Event and X-GitHub-Delivery must name the event and the delivery.",
    };
  const payload = payloadOf(headers.get("content-type") ?? "", body);
  if (payload === undefined)
    return { kind: "refused", status: 415, message: "The body must be a JSON object, or a form whose payload is one." };
  if (event === "ping") return { kind: "reply", status: 200, body: "pong" };
  const told = kept.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const delivered_at = new Date(now).toISOString();
  const head = JSON.stringify({ guid, event, delivered_at, request: { headers: Object.fromEntries(told) } });
  // The payload's bytes go in as they came: parsed and written again, big numbers would change.
  const whole = joinBytes([`${head.slice(0, -2)},"payload":`, payload, "}}"]);
  return { kind: "records", body: whole, format: "json", replayKey: guid };
}

const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The JSON of a delivery's body; undefined where it is none. The content type is the webhook's setting, and is not signed: a body
 * that is no form stays none, since the text of an issue, within JSON, can look like a form's `payload`.
 */
function payloadOf(contentType: string, body: Uint8Array): Uint8Array | undefined {
  try {
    const whole = utf8.decode(body);
    const form = whole.startsWith("payload=") && /^application\/x-www-form-urlencoded\b/i.test(contentType);
    const text = form ? (new URLSearchParams(whole).get("payload") ?? "") : whole;
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return encoder.encode(text);
  } catch {
    return undefined;
  }
}
