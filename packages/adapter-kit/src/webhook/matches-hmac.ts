import { createHmac, timingSafeEqual } from "node:crypto";
import type { Secret } from "../contract/secret.ts";

export interface HmacOptions {
  readonly algorithm: "sha256" | "sha512" | "sha1";
  /** How the signature is written. `base64` is the padded standard alphabet. */
  readonly encoding: "hex" | "base64";
  readonly secrets: readonly Secret[];
  /** The secret's bytes. Default: its UTF-8. */
  readonly keyOf?: ((secret: string) => Uint8Array) | undefined;
}

const lengths = { sha1: 20, sha256: 32, sha512: 64 } as const;

/**
 * Whether a signature is the HMAC of the parts, one after the other, under one of the secrets (several while they are
 * rotated). Constant time; a text that is not exactly such a signature (other length, other characters) matches nothing.
 * @param parts the raw bytes as received, or texts of the signed content
 */
export function matchesHmac(
  signature: string | null | undefined,
  parts: readonly (Uint8Array | string)[],
  { algorithm, encoding, secrets, keyOf }: HmacOptions,
): boolean {
  const offered = signatureBytes(signature, encoding, lengths[algorithm]);
  let found = false;
  for (const secret of secrets) {
    const key = secret.reveal();
    if (key === "") continue;
    const hmac = createHmac(algorithm, keyOf?.(key) ?? key);
    for (const part of parts) hmac.update(part);
    if (offered !== undefined && timingSafeEqual(offered, hmac.digest())) found = true;
  }
  return found;
}

/** Node cuts what it cannot decode without a word: the text must be whole before it is decoded. */
function signatureBytes(
  text: string | null | undefined,
  encoding: "hex" | "base64",
  length: number,
): Buffer | undefined {
  if (typeof text !== "string" || text.length > 4 * length) return undefined;
  if (encoding === "hex")
    return text.length === 2 * length && /^[0-9a-fA-F]+$/.test(text) ? Buffer.from(text, "hex") : undefined;
  const bytes = Buffer.from(text, "base64");
  return bytes.length === length && bytes.toString("base64") === text ? bytes : undefined;
}
