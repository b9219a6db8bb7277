import { sha256, sha256Hex } from "./sha256.ts";

const encoder = new TextEncoder();
/** For the texts of one call: making new arrays costs more than the hash. */
const scratch = new Uint8Array(2048);

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
  const head = `${parts.channelArn}\0${parts.id}\0`;
  // A UTF-16 unit is at most three bytes.
  const room = 3 * head.length + data.length;
  const input = room <= scratch.length ? scratch : new Uint8Array(room);
  const { written } = encoder.encodeInto(head, input);
  input.set(data, written);
  const hex = sha256Hex(input.subarray(0, written + data.length));
  const time = (parts.eventTimeSeconds >>> 0).toString(16).padStart(8, "0");
  // Version 8, and the variant's two bits.
  const variant = "89ab"[Number.parseInt(hex[8]!, 16) & 3]!;
  return `${time}-${hex.slice(0, 4)}-8${hex.slice(5, 8)}-${variant}${hex.slice(9, 12)}-${hex.slice(12, 24)}`;
}
