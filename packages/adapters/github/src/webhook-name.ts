import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { webhookKinds } from "./webhook-kinds.ts";
import type { WebhookKind } from "./webhook-kinds.ts";

/**
 * The event's name as X-GitHub-Event says it: the delivery's `event`, else the one event whose payloads have these
 * members. undefined where the members do not tell.
 */
export function webhookName(delivery: unknown): string | undefined {
  const payload = valueAt(delivery, "request", "payload");
  return textAt(delivery, "event") ?? webhookKinds.find((kind) => fits(payload, kind))?.event;
}

function fits(payload: Json | undefined, kind: WebhookKind): boolean {
  const { subject, beside = [], without = [], actions } = kind;
  const action = textAt(payload, "action");
  return (
    [subject, ...beside].every((key) => (valueAt(payload, key) ?? null) !== null) &&
    without.every((key) => valueAt(payload, key) === undefined) &&
    (actions === "none" ? action === undefined : action !== undefined && actions?.has(action) !== false)
  );
}
