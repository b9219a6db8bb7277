import { toHex } from "./hex.ts";
import { sha256 } from "./sha256.ts";

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
  const uuid = sha256(input).slice(0, 12);
  uuid[2] = (uuid[2]! & 0x0f) | 0x80;
  uuid[4] = (uuid[4]! & 0x3f) | 0x80;
  const time = (parts.eventTimeSeconds >>> 0).toString(16).padStart(8, "0");
  const hex = toHex(uuid);
  return `${time}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8, 12)}-${hex.slice(12)}`;
}
