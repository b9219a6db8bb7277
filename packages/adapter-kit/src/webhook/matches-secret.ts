import { createHash, timingSafeEqual } from "node:crypto";
import type { Secret } from "../contract/secret.ts";

const digest = (text: string) => createHash("sha256").update(text).digest();

/**
 * Whether a text that a sender gave is one of the secrets (several while they are rotated). Takes the same time whatever the
 * text and whichever secret it is. Absent texts and empty secrets match nothing.
 */
export function matchesSecret(given: string | null | undefined, secrets: readonly Secret[]): boolean {
  const offered = digest(given ?? "");
  let found = false;
  for (const secret of secrets) {
    const known = secret.reveal();
    // Digests are of one length, so nothing tells how long the secret is.
    if (timingSafeEqual(offered, digest(known)) && known !== "") found = true;
  }
  return found && given !== null && given !== undefined;
}
