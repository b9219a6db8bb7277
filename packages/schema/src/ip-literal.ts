/**
 * Whether a text is a bare IPv4 or IPv6 literal: four decimal numbers without leading zeros, or RFC 4291 section 2.2.
 * No port, no brackets, no zone, no prefix length, no spaces. Spec 1.7.
 */
export function isIpLiteral(text: string): boolean {
  if (text.length > 45) return false;
  return text.includes(":") ? isIpv6(text) : isIpv4(text);
}

function isIpv4(text: string): boolean {
  let parts = 1;
  let digits = 0;
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit === -2) {
      if (digits === 0) return false;
      parts++;
      digits = 0;
      value = 0;
    } else if (digit >= 0 && digit <= 9 && (digits === 0 || value > 0)) {
      digits++;
      value = value * 10 + digit;
      if (value > 255) return false;
    } else return false;
  }
  return parts === 4 && digits > 0;
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [index, half] of halves.entries()) {
    if (half === "") continue;
    const parts = half.split(":");
    for (const [place, part] of parts.entries()) {
      const last = index === halves.length - 1 && place === parts.length - 1;
      if (last && isIpv4(part)) groups += 2;
      else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups += 1;
      else return false;
    }
  }
  return halves.length === 2 ? text.length >= 2 && groups <= 7 : groups === 8;
}
