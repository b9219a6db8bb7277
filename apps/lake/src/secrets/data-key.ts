import { createHmac, randomBytes } from "node:crypto";
import { seal, unseal } from "./sealed.ts";

/** What is sealed: each purpose, and each id in it, has a key of its own, so that a nonce is never at risk of being used twice. */
export type SealedPurpose = "access-key-secret" | "session-token" | "signing-key";

/** The lake's data key: every secret at rest and every session token is sealed by a key derived from it. */
export class DataKey {
  readonly #key: Uint8Array;

  private constructor(key: Uint8Array) {
    this.#key = key;
  }

  static random(): DataKey {
    return new DataKey(randomBytes(32));
  }

  /** Undefined when the master key is not the one that sealed it. */
  static open(sealedDataKey: string, masterKey: Uint8Array): DataKey | undefined {
    const key = unseal(masterKey, "data-key", sealedDataKey);
    return key?.length === 32 ? new DataKey(key) : undefined;
  }

  /** As the catalog keeps it. */
  sealedBy(masterKey: Uint8Array): string {
    return seal(masterKey, "data-key", this.#key);
  }

  seal(purpose: SealedPurpose, id: string, plain: string): string {
    return seal(this.#derive(purpose, id), id, Buffer.from(plain));
  }

  /** Undefined for what this key did not seal for that purpose and id. */
  open(purpose: SealedPurpose, id: string, sealed: string): string | undefined {
    return unseal(this.#derive(purpose, id), id, sealed)?.toString("utf8");
  }

  /** What pagination tokens are signed with. */
  paginationSecret(): Uint8Array {
    return this.#derive("pagination", "");
  }

  #derive(purpose: SealedPurpose | "pagination", id: string): Uint8Array {
    return createHmac("sha256", this.#key).update(`tributary/${purpose}/${id}`).digest();
  }
}
