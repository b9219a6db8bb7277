import { sha256, sha256Hex } from "./sha256.ts";

const encoder = new TextEncoder();

/**
 * The lake's eventID: a UUIDv8 of 32 bits of eventTime (seconds) and SHA-256(channel ARN NUL id NUL SHA-256(eventData)).
 * The same channel, id and bytes always get the same one; neighbours in time are neighbours in id. Spec 1.10.
 */
export function eventId(parts: {
  readonly channelArn: string;
  readonly id: string;
  /** The event's text, or the 32 bytes of its SHA-256 where they are at hand. */
  readonly eventData: string | Uint8Array;
  /** Seconds since 1970, 0 to 2^32 - 1. */
  readonly eventTimeSeconds: number;
}): string {
  const data = typeof parts.eventData === "string" ? sha256(parts.eventData) : parts.eventData;
  const head = encoder.encode(`${parts.channelArn}\0${parts.id}\0`);
  const input = new Uint8Array(head.length + data.length);
  input.set(head);
  input.set(data, head.length);
  const hex = sha256Hex(input);
  const time = (parts.eventTimeSeconds >>> 0).toString(16).padStart(8, "0");
  // Version 8, and the variant's two bits.
  const variant = "89ab"[Number.parseInt(hex[8]!, 16) & 3]!;
  return `${time}-${hex.slice(0, 4)}-8${hex.slice(5, 8)}-${variant}${hex.slice(9, 12)}-${hex.slice(12, 24)}`;
}
