import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { TributaryError } from "@tributary/schema";
import { damaged } from "./damage.ts";

/** Whose a sealed value is: the table, and the numbers of its row. */
export type SealedPlace = readonly [table: string, ...numbers: number[]];

const magic = Buffer.from("\u0089TRSEAL\u0001", "latin1");
const idBytes = 8;
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
const placeAt = magic.length + idBytes + saltBytes + nonceBytes;
const keyBytes = 32;

interface Key {
  readonly id: Buffer;
  readonly bytes: Buffer;
}

/**
 * Seals what a state holds of records: AES-256-GCM, with the key's id, the place of the value and a nonce that never comes
 * twice. Each process derives a key of its own (HKDF-SHA256 of the configured key and 16 random bytes), so that counting is enough
 * for the nonce. The first key seals; each opens.
 */
export class StateKeys {
  readonly #keys: readonly Key[];
  readonly #salt = randomBytes(saltBytes);
  readonly #derived = new Map<string, Buffer>();
  #count = 0n;

  /** @param texts each 32 bytes in base64. Throws `STATE_KEY_INVALID`, whose message holds no key. */
  constructor(texts: readonly [string, ...string[]]) {
    this.#keys = texts.map((text) => {
      const bytes = Buffer.from(text.trim(), "base64");
      if (bytes.length !== keyBytes || !/^[A-Za-z0-9+/_-]{43}=?$/.test(text.trim()))
        throw new TributaryError(
          "The key of the state must be 32 bytes in base64: make one with openssl rand -base64 32.",
          {
            code: "STATE_KEY_INVALID",
          },
        );
      return {
        bytes,
        id: createHash("sha256").update("tributary state key id\0").update(bytes).digest().subarray(0, idBytes),
      };
    });
  }

  /** Id of the key that seals, hexadecimal. */
  get id(): string {
    return this.#keys[0]!.id.toString("hex");
  }

  /** Whether one of the keys has this id. */
  has(id: string): boolean {
    return this.#keys.some((key) => key.id.toString("hex") === id);
  }

  seal(bytes: Uint8Array, place: SealedPlace): Uint8Array {
    const key = this.#keys[0]!;
    const nonce = Buffer.alloc(nonceBytes);
    nonce.writeBigUInt64BE(this.#count++, nonceBytes - 8);
    const where = Buffer.from(JSON.stringify(place));
    const head = Buffer.concat([magic, key.id, this.#salt, nonce, Buffer.of(where.length), where]);
    const cipher = createCipheriv("aes-256-gcm", this.#derive(key, this.#salt), nonce);
    cipher.setAAD(head);
    return Buffer.concat([head, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  }

  /** What was sealed, and for which place. Throws `STATE_KEY_WRONG`, and `STATE_DAMAGED` for a value that is not what was sealed. */
  open(sealed: Uint8Array): { readonly bytes: Uint8Array; readonly place: SealedPlace } {
    const value = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length);
    const id = keyIdOf(sealed);
    const key = this.#keys.find((one) => one.id.toString("hex") === id);
    if (key === undefined) throw keyWrong(id);
    const salt = value.subarray(magic.length + idBytes, placeAt - nonceBytes);
    const nonce = value.subarray(placeAt - nonceBytes, placeAt);
    const from = placeAt + 1 + (value[placeAt] ?? 0);
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#derive(key, salt), nonce);
      decipher.setAAD(value.subarray(0, from));
      decipher.setAuthTag(value.subarray(value.length - tagBytes));
      const bytes = Buffer.concat([decipher.update(value.subarray(from, value.length - tagBytes)), decipher.final()]);
      const place: SealedPlace = JSON.parse(value.toString("utf8", placeAt + 1, from));
      return { bytes, place };
    } catch (cause) {
      throw damaged("A sealed value of the state is not what was sealed", cause);
    }
  }

  #derive(key: Key, salt: Buffer): Buffer {
    const name = `${key.id.toString("hex")}${salt.toString("hex")}`;
    let derived = this.#derived.get(name);
    if (derived === undefined) {
      // A state that many processes wrote has many salts: the oldest of these is made again when it is needed.
      if (this.#derived.size >= 1000) this.#derived.delete(this.#derived.keys().next().value!);
      derived = Buffer.from(hkdfSync("sha256", key.bytes, salt, "tributary state 1", keyBytes));
      this.#derived.set(name, derived);
    }
    return derived;
  }
}

/** How each value begins that a key sealed. @param id hexadecimal */
export function sealedHead(id: string): Buffer {
  return Buffer.concat([magic, Buffer.from(id, "hex")]);
}

/** Id of the key that sealed a value, hexadecimal. */
export function keyIdOf(sealed: Uint8Array): string {
  return Buffer.from(sealed.subarray(magic.length, magic.length + idBytes)).toString("hex");
}

export function isSealed(value: Uint8Array): boolean {
  return value.length > placeAt && magic.equals(value.subarray(0, magic.length));
}

/** `STATE_KEY_WRONG`. @param id of the key that is needed */
export function keyWrong(id: string): TributaryError {
  return new TributaryError(
    `The state was sealed with the key ${id}, which is not among those given. Give it as the key, or under formerKeys.`,
    { code: "STATE_KEY_WRONG" },
  );
}
