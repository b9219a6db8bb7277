import { createHash, timingSafeEqual } from "node:crypto";

/** Base64 (padded, 44 characters) of SHA-256 over the UTF-8 bytes of the decoded `eventData` value. Spec 1.9. */
export function eventDataChecksum(eventData: string): string {
  return createHash("sha256").update(eventData, "utf8").digest("base64");
}

/** Whether `checksum` is the strict Base64 SHA-256 of `eventData`; any other spelling is wrong. Spec 1.9. */
export function checksumMatches(eventData: string, checksum: string): boolean {
  const expected = Buffer.from(eventDataChecksum(eventData), "latin1");
  const given = Buffer.from(checksum, "utf8");
  return given.length === expected.length && timingSafeEqual(given, expected);
}
