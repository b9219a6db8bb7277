import type { Taking } from "@tributary/adapter-kit";

/**
 * The eventSource as the vendor's table of sources spells it. Its examples say `com.nordcloudapp.com.klarity` for
 * `com.nordcloudapp.klarity`; such a spelling stays in the rest as it was written.
 */
export function eventSource(written: string, take: Taking): string {
  const source = written.replace(/^com\.nordcloudapp\.com\./, "com.nordcloudapp.");
  if (source === written) take.text("eventSource");
  return source;
}
