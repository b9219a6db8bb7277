import { type KeyObject, createHmac, createSecretKey } from "node:crypto";

/** What a signing key is derived for. */
export interface SigningScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** SigV4's derivation: four HMACs from secret to key. An HMAC with a KeyObject is much faster than with the bytes. */
export function deriveSigningKey(secret: string, scope: SigningScope): KeyObject {
  let key = createHmac("sha256", `AWS4${secret}`).update(scope.date).digest();
  for (const part of [scope.region, scope.service, "aws4_request"])
    key = createHmac("sha256", key).update(part).digest();
  return createSecretKey(key);
}

/** Signing keys that have verified a signature, the most recent `limit` of them. */
export class SigningKeys {
  readonly #limit: number;
  readonly #keys = new Map<string, { readonly secret: string; readonly key: KeyObject }>();

  constructor(limit = 1000) {
    this.#limit = limit;
  }

  /** A cached key, if it was derived from this very secret. */
  find(secret: string, scope: SigningScope): KeyObject | undefined {
    const found = this.#keys.get(name(scope));
    return found?.secret === secret ? found.key : undefined;
  }

  keep(secret: string, scope: SigningScope, key: KeyObject): void {
    if (this.#keys.size >= this.#limit) {
      const oldest = this.#keys.keys().next();
      if (!oldest.done) this.#keys.delete(oldest.value);
    }
    this.#keys.set(name(scope), { secret, key });
  }
}

function name(scope: SigningScope): string {
  return `${scope.accessKeyId}/${scope.date}/${scope.region}/${scope.service}`;
}
