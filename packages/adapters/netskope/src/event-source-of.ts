import type { Kind } from "./kind-of.ts";

/** `eventSource` of a kind, as Netskope's own plugin names it: `netskopeevent.audit`, `netskopealert.dlp`. */
export function eventSourceOf({ family, type }: Kind): string {
  return `netskope${family}.${type}`;
}
