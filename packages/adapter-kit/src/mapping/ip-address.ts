import { isIpLiteral } from "@tributary/schema";

/** The value when it is an IPv4 or IPv6 literal and nothing else, blanks around it cut; undefined for host names, ports, masks, "". */
export function ipAddress(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 64) return undefined;
  const literal = value.trim();
  return isIpLiteral(literal) ? literal : undefined;
}
