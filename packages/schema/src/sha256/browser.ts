import { sha256 as digest } from "@noble/hashes/sha2.js";
import { toBase64, toBase64Url } from "../base64.ts";
import { toHex } from "../hex.ts";

/** SHA-256 of bytes, or of a text's UTF-8 bytes. Lone surrogates count as U+FFFD, as in every UTF-8 encoder. */
export function sha256(data: string | Uint8Array): Uint8Array {
  return digest(typeof data === "string" ? new TextEncoder().encode(data) : data);
}

/** Lower-case hexadecimal of {@link sha256}. */
export function sha256Hex(data: string | Uint8Array): string {
  return toHex(sha256(data));
}

/** Padded Base64 of {@link sha256}. */
export function sha256Base64(data: string | Uint8Array): string {
  return toBase64(sha256(data));
}

/** Unpadded base64url of {@link sha256}: 43 characters that fit an audit event's `id`. */
export function sha256Base64Url(data: string | Uint8Array): string {
  return toBase64Url(sha256(data));
}
