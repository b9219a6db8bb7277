import { type KeyObject, createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { sep } from "node:path";
import { TributaryError } from "@tributary/schema";
import { messageOf } from "../message-of.ts";

/** What heads are signed with. */
export interface HeadKey {
  readonly privateKey: KeyObject;
  /** Names its public half: {@link fingerprintOf}. */
  readonly fingerprint: string;
}

/** What signatures of heads are checked with, by fingerprint. */
export type HeadPublicKeys = ReadonlyMap<string, KeyObject>;

/**
 * Reads an Ed25519 private key, PKCS #8 PEM, which is not in the data directory: whoever can write a history must not be able to
 * sign it. Throws `HEAD_KEY_NOT_VALID`.
 */
export function readHeadKey(path: string, dataDirectory: string): HeadKey {
  return readKey(path, (text) => {
    if (`${realpathSync(path)}${sep}`.startsWith(`${realpathSync(dataDirectory)}${sep}`))
      throw notValid(
        path,
        "it is in the data directory, whose writers it is to bear witness against. Keep it elsewhere, on another disk if there is one",
      );
    if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0)
      throw notValid(path, `others than its owner can use it. Run: chmod 600 ${path}`);
    const privateKey = createPrivateKey(text);
    if (privateKey.asymmetricKeyType !== "ed25519") throw notValid(path, "it is no Ed25519 key");
    return { privateKey, fingerprint: fingerprintOf(createPublicKey(privateKey)) };
  });
}

/** Reads one or more Ed25519 public keys, PEM, one after the other: keys change. Throws `HEAD_KEY_NOT_VALID`. */
export function readHeadPublicKeys(path: string): HeadPublicKeys {
  return readKey(path, (text) => {
    const blocks = text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
    if (blocks.length === 0) throw notValid(path, "there is no public key in it");
    const keys = blocks.map((block) => createPublicKey(block));
    if (keys.some((key) => key.asymmetricKeyType !== "ed25519")) throw notValid(path, "a key in it is no Ed25519 key");
    return new Map(keys.map((key) => [fingerprintOf(key), key]));
  });
}

/** SHA-256 of a public key's SPKI DER, lower-case hex. */
function fingerprintOf(publicKey: KeyObject): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
}

function readKey<Key>(path: string, parse: (text: string) => Key): Key {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw cause instanceof TributaryError ? cause : notValid(path, messageOf(cause), cause);
  }
}

function notValid(path: string, why: string, cause?: unknown): TributaryError {
  return new TributaryError(
    `${path} cannot be used as a key of heads: ${why}. "openssl genpkey -algorithm ed25519" makes a private key, "openssl pkey -pubout" its public half.`,
    { code: "HEAD_KEY_NOT_VALID", cause },
  );
}
