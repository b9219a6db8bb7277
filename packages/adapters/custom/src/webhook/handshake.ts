import type { Received } from "@tributary/adapter-kit";

/**
 * The answer to the validation request of CloudEvents, which asks whether an origin may deliver here. It is no proof of
 * anybody: deliveries need theirs all the same. github.com/cloudevents/spec, cloudevents/http-webhook.md, 4.
 * @param origins who may; `*` for anybody
 */
export function handshake(headers: Headers, origins: readonly string[]): Received {
  const origin = headers.get("webhook-request-origin")?.trim() ?? "";
  const isName = /^[A-Za-z0-9.-]{1,253}$/.test(origin);
  const isAllowed = origins.some((one) => one === "*" || one.toLowerCase() === origin.toLowerCase());
  if (!isName || !isAllowed)
    return {
      kind: "refused",
      status: 405,
      message: "This receiver agrees to no deliveries of that origin: name it in origins.",
    };
  return {
    kind: "reply",
    status: 200,
    headers: { allow: "POST", "webhook-allowed-origin": origin, "webhook-allowed-rate": "*" },
  };
}
