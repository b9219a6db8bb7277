import { sha256Base64Url } from "@tributary/schema";

/** Unpadded base64url of SHA-256 over the UTF-8 bytes of `text`: 43 characters. */
export function digestOf(text: string): string {
  return sha256Base64Url(text);
}
