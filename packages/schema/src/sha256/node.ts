import { hash } from "node:crypto";

/** SHA-256 of bytes, or of a text's UTF-8 bytes. Lone surrogates count as U+FFFD, as in every UTF-8 encoder. */
export function sha256(data: string | Uint8Array): Uint8Array {
  return hash("sha256", data, "buffer");
}

/** Lower-case hexadecimal of {@link sha256}. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}

/** Padded Base64 of {@link sha256}. */
export function sha256Base64(data: string | Uint8Array): string {
  return hash("sha256", data, "base64");
}

/** Unpadded base64url of {@link sha256}: 43 characters that fit an audit event's `id`. */
export function sha256Base64Url(data: string | Uint8Array): string {
  return hash("sha256", data, "base64url");
}
