import { createHash, hash, type Hash } from "node:crypto";

/** So much is read again when a digest is taken up: the block under way, and the one before it. */
const blockBytes = 16_384;

/**
 * A digest of what was read of a file so far, which a later process takes up without reading the file again: a chain over
 * blocks of 16 KiB. `previous.chain.rest`, each base64url of a SHA-256.
 */
export class PrefixDigest {
  #previous = Buffer.alloc(32);
  #chain = Buffer.alloc(32);
  #block: Hash = createHash("sha256");
  #inBlock = 0;

  /** Where the bytes begin that {@link resume} needs, when so many were digested. */
  static resumeFrom(length: number): number {
    return Math.max(0, Math.floor(length / blockBytes) - 1) * blockBytes;
  }

  /**
   * The digest of `length` bytes, of which `bytes` are those from {@link resumeFrom} on. Undefined where they are not the bytes
   * that `value` was made of.
   */
  static resume(value: string, length: number, bytes: Uint8Array): PrefixDigest | undefined {
    const [previous = "", chain = ""] = value.split(".");
    const digest = new PrefixDigest();
    const hasBlock = length >= blockBytes;
    if (hasBlock) digest.#chain = Buffer.from(previous, "base64url");
    digest.update(bytes.subarray(0, hasBlock ? blockBytes : 0));
    if (hasBlock && digest.#chain.toString("base64url") !== chain) return undefined;
    digest.update(bytes.subarray(hasBlock ? blockBytes : 0));
    return digest.value() === value ? digest : undefined;
  }

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + blockBytes - this.#inBlock);
      this.#block.update(part);
      at += part.length;
      this.#inBlock += part.length;
      if (this.#inBlock < blockBytes) continue;
      this.#previous = this.#chain;
      this.#chain = hash("sha256", Buffer.concat([this.#chain, this.#block.digest()]), "buffer");
      this.#block = createHash("sha256");
      this.#inBlock = 0;
    }
  }

  value(): string {
    const rest = this.#block.copy().digest();
    return [this.#previous, this.#chain, rest].map((part) => part.toString("base64url")).join(".");
  }
}
