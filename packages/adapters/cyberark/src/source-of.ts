import { textAt } from "@tributary/adapter-kit";

/** eventSource of a CEF or LEEF record: `cyberark.vault`, `cyberark.pta`, or the product's name in small letters. */
export function sourceOf(record: unknown): string {
  const product = (textAt(record, "product") ?? "vault").slice(0, 128).toLowerCase();
  return `cyberark.${product.replaceAll(/\s+/g, "-")}`;
}
