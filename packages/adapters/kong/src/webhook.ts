import { gunzipSync } from "node:zlib";
import { Type as T } from "@sinclair/typebox";
import type { Received, Webhook } from "@tributary/adapter-kit";
import { matchesSecret, SecretOption } from "@tributary/adapter-kit/webhook";

/** The most that a compressed delivery may hold, bytes. */
const mostBytes = 64 * 1024 * 1024;

const options = T.Object(
  {
    secrets: T.Array(
      SecretOption({
        description: "The whole value of the header, such as `Bearer ...`, as set in Konnect or in the plugin.",
      }),
      { minItems: 1, description: "What the sender knows; several while it is changed." },
    ),
    header: T.String({
      default: "authorization",
      pattern: "^[A-Za-z0-9-]{1,64}$",
      description: "The header that proves the sender. Konnect: authorization; http-log: one of the plugin's headers.",
    }),
  },
  { additionalProperties: false },
);

/**
 * The receiver of Konnect's audit log webhooks (CEF, JSON or CPS, a batch in each delivery) and of http-log. The sender proves
 * that it knows a header's value; Konnect signs its entries besides, in a form of which it does not say how it is made. A
 * delivery holds no time of its own; a replay job sends entries again, which keep their ids.
 */
export const webhook: Webhook<typeof options> = {
  options,
  receive: ({ method, headers, body }, host) => {
    if (method !== "POST" && method !== "PUT" && method !== "PATCH") return refuse(405, "A delivery is a POST.");
    if (!matchesSecret(headers.get(host.options.header), host.options.secrets))
      return refuse(401, "The authorization is missing or wrong.");
    const plain = inflated(body);
    if (plain === undefined) return refuse(400, "The body cannot be decompressed, or holds too much.");
    return Promise.resolve({ kind: "records", body: plain, format: isJson(plain) ? "json" : "cef" });
  },
};

function refuse(status: 400 | 401 | 405, message: string): Promise<Received> {
  return Promise.resolve({ kind: "refused", status, message });
}

/**
 * The body without its compression. Konnect names it `application/gzip`, which no server knows, so the bytes decide. Undefined
 * for what is cut or larger than the limit.
 */
function inflated(body: Uint8Array): Uint8Array | undefined {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return body;
  try {
    return gunzipSync(body, { maxOutputLength: mostBytes });
  } catch {
    return undefined;
  }
}

/** Whether the first byte that is no white space opens JSON. */
function isJson(body: Uint8Array): boolean {
  const first = body.find((byte) => byte > 0x20);
  return first === 0x7b || first === 0x5b;
}
