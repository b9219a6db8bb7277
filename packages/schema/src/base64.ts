const standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const urlSafe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

function encode(bytes: Uint8Array, alphabet: string, pad: string): string {
  let text = "";
  let at = 0;
  for (; at + 2 < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    text +=
      alphabet[group >> 18]! + alphabet[(group >> 12) & 63]! + alphabet[(group >> 6) & 63]! + alphabet[group & 63]!;
  }
  const left = bytes.length - at;
  if (left === 0) return text;
  const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8);
  text += alphabet[group >> 18]! + alphabet[(group >> 12) & 63]!;
  return text + (left === 2 ? alphabet[(group >> 6) & 63]! + pad : pad + pad);
}

/** Base64 of RFC 4648 section 4, padded. */
export function toBase64(bytes: Uint8Array): string {
  return encode(bytes, standard, "=");
}

/** Base64url of RFC 4648 section 5, unpadded: 32 bytes make 43 characters that fit an audit event's `id` (spec 1.10). */
export function toBase64Url(bytes: Uint8Array): string {
  return encode(bytes, urlSafe, "");
}
