import type { HttpReceiver } from "./http-answer.ts";
import type { Integration } from "./integration.ts";

/** Who takes a request: the webhook of exactly this path, or the bulk source whose path is the longest above it. */
export function receiverAt(path: string, integrations: readonly Integration[]): HttpReceiver | undefined {
  const webhook = integrations.find(({ plan }) => plan.webhook?.path === path);
  if (webhook !== undefined) return webhook.receiver;
  let found: Integration | undefined;
  for (const one of integrations) {
    const base = one.plan.bulk?.path;
    if (base === undefined || !isBelow(path, base)) continue;
    if (base.length > (found?.plan.bulk?.path.length ?? 0)) found = one;
  }
  return found?.bulk;
}

function isBelow(path: string, base: string): boolean {
  if (base === "/") return !operations.has(path);
  return path === base || path.startsWith(`${base}/`);
}

const operations = new Set(["/metrics", "/healthz", "/readyz"]);
