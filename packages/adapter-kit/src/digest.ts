import { sha256, toBase64Url } from "@tributary/schema";

/** Unpadded base64url of SHA-256 over the UTF-8 bytes of `text`: 43 characters. */
export function digestOf(text: string): string {
  return toBase64Url(sha256(text));
}
