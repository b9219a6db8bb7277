import { sha256Base64 } from "./sha256.ts";

/** Base64 (padded, 44 characters) of SHA-256 over the UTF-8 bytes of the decoded `eventData` value. Spec 1.9. */
export function eventDataChecksum(eventData: string): string {
  return sha256Base64(eventData);
}

/** Whether `checksum` is the strict Base64 SHA-256 of `eventData`; any other spelling is wrong. Constant time. Spec 1.9. */
export function checksumMatches(eventData: string, checksum: string): boolean {
  const expected = eventDataChecksum(eventData);
  let difference = expected.length ^ checksum.length;
  for (let at = 0; at < expected.length; at++) difference |= expected.charCodeAt(at) ^ checksum.charCodeAt(at);
  return difference === 0;
}
