import { VendorError } from "./vendor-error.ts";

/** The target of a `Link` header's relation (RFC 8288), for instance `next`; undefined when there is none. */
export function linkOf(headers: Headers, relation: string): string | undefined {
  // Targets stand in angle brackets and may hold commas; parameters follow up to the comma before the next bracket.
  for (const part of (headers.get("link") ?? "").slice(0, 65_536).split(/,\s*(?=<)/)) {
    const end = part.indexOf(">");
    if (!part.startsWith("<") || end < 0) continue;
    const relations = part
      .slice(end + 1)
      .split(";")
      .map((parameter) => parameter.trim().split("="))
      .filter(([name]) => name?.toLowerCase() === "rel")
      .flatMap(([, value = ""]) => value.replaceAll('"', "").split(" "));
    if (relations.includes(relation)) return part.slice(1, end);
  }
  return undefined;
}

/**
 * A link of an answer, absolute or relative, as a URL of the API's own origin. Throws `VENDOR_LINK_ELSEWHERE` for any other:
 * credentials are sent to nobody that an answer names.
 */
export function linkWithin(api: URL, link: string): URL {
  const url = URL.canParse(link, api.href) ? new URL(link, api) : undefined;
  if (url?.origin === api.origin && url.username === "" && url.password === "") return url;
  throw new VendorError(
    "VENDOR_LINK_ELSEWHERE",
    `An answer of ${api.host} points to ${url?.host ?? "no address"}; it is not followed. If the API has moved, change the address in the options.`,
  );
}
