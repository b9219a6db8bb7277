import { ipAddress } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

const bracketed = /^\[([0-9A-Fa-f:.]{2,45})\](?::\d{1,5})?$/;
const withPort = /^([0-9.]{7,15}):\d{1,5}$/;

/** An IPv4 or IPv6 literal without the port and the brackets that may stand around it; undefined for anything else. */
export function readAddress(value: Json): string | undefined {
  const literal = ipAddress(value);
  if (literal !== undefined || typeof value !== "string" || value.length > 64) return literal;
  const written = value.trim();
  return ipAddress((bracketed.exec(written) ?? withPort.exec(written))?.[1]);
}
