import type { AuditEvent } from "./put-audit-events-command.ts";

/** The exact bytes of the request's body: `JSON.stringify({ auditEvents })` as UTF-8. Whoever packs requests counts these. */
export function putAuditEventsBody(auditEvents: readonly AuditEvent[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ auditEvents }));
}
