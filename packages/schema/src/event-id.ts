import { createHash } from "node:crypto";

/**
 * The lake's eventID: a UUIDv8 of 32 bits of eventTime (seconds) and SHA-256(channel ARN NUL id NUL SHA-256(eventData)).
 * The same channel, id and bytes always get the same one; neighbours in time are neighbours in id. Spec 1.10.
 */
export function eventId(parts: {
  readonly channelArn: string;
  readonly id: string;
  readonly eventData: string;
  /** Seconds since 1970, 0 to 2^32 - 1. */
  readonly eventTimeSeconds: number;
}): string {
  const data = createHash("sha256").update(parts.eventData, "utf8").digest();
  const digest = createHash("sha256").update(`${parts.channelArn}\0${parts.id}\0`, "utf8").update(data).digest();
  const uuid = Buffer.alloc(16);
  uuid.writeUInt32BE(parts.eventTimeSeconds >>> 0, 0);
  digest.copy(uuid, 4, 0, 12);
  uuid[6] = (uuid[6]! & 0x0f) | 0x80;
  uuid[8] = (uuid[8]! & 0x3f) | 0x80;
  const hex = uuid.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
