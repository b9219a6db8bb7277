import { pointerSegments } from "../json-pointer.ts";
import { plainKey } from "./plain-key.ts";

/**
 * Keys whose values are masked in every record, whatever their case and with or without `_` and `-`. A definition adds
 * its vendor's own in `secrets`.
 */
export const defaultSecretKeys: readonly string[] = [
  "password",
  "passwd",
  "pwd",
  "passphrase",
  "passcode",
  "otp",
  "secret",
  "client_secret",
  "shared_secret",
  "secret_key",
  "secret_access_key",
  "private_key",
  "signing_key",
  "encryption_key",
  "api_key",
  "api_secret",
  "api_token",
  "token",
  "access_token",
  "refresh_token",
  "id_token",
  "auth_token",
  "bearer_token",
  "session_token",
  "state_token",
  "activation_token",
  "recovery_token",
  "device_secret",
  "client_assertion",
  "saml_response",
  "authorization",
  "proxy_authorization",
  "cookie",
  "set_cookie",
  "x_api_key",
];

/** Keys that hold a secret only as parameters of a URL. */
const urlSecretKeys = [
  "code",
  "code_verifier",
  "sig",
  "signature",
  "x_amz_signature",
  "x_amz_security_token",
  "one_time_token",
  "ticket",
];

/** What to mask, made once per adapter. */
export interface Secrets {
  /** Whether the value of this key is a secret. */
  isSecret(key: string): boolean;
  /** Whether the parameter of a URL or of a `{key=value}` text is one. */
  isSecretParameter(key: string): boolean;
  readonly pointers: readonly (readonly string[])[];
}

/** Keys and JSON pointers to mask; a pointer's `*` stands for any one member or element. Throws a TypeError for a bad pointer. */
export function secretsOf(secrets: readonly string[] = []): Secrets {
  const keys = [...defaultSecretKeys, ...secrets.filter((secret) => !secret.startsWith("/"))].map(plainKey);
  return {
    isSecret: remembered(new Set(keys)),
    isSecretParameter: remembered(new Set([...keys, ...urlSecretKeys.map(plainKey)])),
    pointers: secrets.filter((secret) => secret.startsWith("/")).map(pointerSegments),
  };
}

/** A vendor's records name the same few hundred keys again and again: each is spelt plainly once. */
function remembered(keys: ReadonlySet<string>): (key: string) => boolean {
  const known = new Map<string, boolean>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) {
      found = keys.has(plainKey(key));
      if (known.size < 4096) known.set(key, found);
    }
    return found;
  };
}

/** The secrets of one record: with the JSON pointers of those that only its own values tell. */
export function withPointers(secrets: Secrets, pointers: readonly string[] = []): Secrets {
  if (pointers.length === 0) return secrets;
  return { ...secrets, pointers: [...secrets.pointers, ...pointers.map(pointerSegments)] };
}
