import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { readAnswer, VendorError } from "@tributary/adapter-kit/poll";

/** A page of audit events. */
export interface AuditPage {
  readonly bytes: Uint8Array;
  readonly events: readonly Json[];
  /** The number of the next page; undefined on the last. */
  readonly next: string | undefined;
  /** Clumio's clock, ms since 1970; undefined where the answer does not show it. */
  readonly vendorNow: number | undefined;
}

/**
 * Reads an answer of `/audit-trails` to the request for the page `start`.
 * Vendor page: help.clumio.com, List audit trails.
 */
export async function readAuditPage(response: Response, start: string): Promise<AuditPage> {
  const { bytes, headers, value } = await readAnswer(response, { what: "audit events of Clumio" });
  const links = valueAt(value, "_links");
  const embedded = valueAt(value, "_embedded");
  const items = valueAt(value, "_embedded", "items") ?? [];
  // A page without events may have no list; an answer without links is no page.
  if (typeof links !== "object" || links === null || embedded === undefined || !Array.isArray(items))
    throw new VendorError("VENDOR_ANSWER_INVALID", "Clumio's answer is not a page of audit events.");
  const date = Date.parse(headers.get("date") ?? "");
  return {
    bytes,
    events: items as readonly Json[],
    // Beyond the last page there is nothing, whatever the links say: they would be followed for ever.
    next: items.length === 0 ? undefined : nextStart(textAt(links, "_next", "href"), start),
    vendorNow: Number.isNaN(date) ? undefined : date,
  };
}

/** The number of the next page, which is all that is used of its link: where to ask is the options' to say. */
function nextStart(href: string | undefined, start: string): string | undefined {
  if (href === undefined) return undefined;
  const base = "https://us-west-2.api.clumio.com";
  const named = URL.canParse(href, base) ? new URL(href, base).searchParams.get("start") : null;
  return named !== null && named !== "" && named !== start && named.length <= 100 ? named : String(Number(start) + 1);
}
