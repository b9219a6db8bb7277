import { hash } from "node:crypto";
import { eventSeconds } from "./event-seconds.ts";

/**
 * The ledger's key of an event: integration number (4 bytes), eventTime in seconds (4), SHA-256(channel NUL id) (8).
 * Neighbours in time are neighbours in the table, which keeps inserts fast however long it is.
 */
export function sentKey(integration: number, channelArn: string, id: string, eventData: string): Buffer {
  const key = Buffer.alloc(16);
  key.writeUInt32BE(integration, 0);
  key.writeUInt32BE(eventSeconds(eventData), 4);
  hash("sha256", `${channelArn}\0${id}`, "buffer").copy(key, 8, 0, 8);
  return key;
}

/** The eventTime in a key, seconds since 1970; 0 where the event's text showed none. */
export function secondsOf(key: Uint8Array): number {
  return key[4]! * 0x100_0000 + key[5]! * 0x1_0000 + key[6]! * 0x100 + key[7]!;
}
