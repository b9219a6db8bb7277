import type { Json } from "../contract/json.ts";
import { pointerSegments, pointerTo } from "../json-pointer.ts";
import { isArray, isObject, setOwn } from "../own-property.ts";
import type { Draft } from "../own-property.ts";

/** What stands in place of a secret. */
export const maskText = "***";

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
  readonly keys: ReadonlySet<string>;
  readonly parameters: ReadonlySet<string>;
  readonly pointers: readonly (readonly string[])[];
}

const plain = (key: string) => key.toLowerCase().replaceAll(/[-_. ]/g, "");

/** Keys and JSON pointers to mask; a pointer's `*` stands for any one member or element. Throws a TypeError for a bad pointer. */
export function secretsOf(secrets: readonly string[] = []): Secrets {
  const keys = [...defaultSecretKeys, ...secrets.filter((secret) => !secret.startsWith("/"))].map(plain);
  return {
    keys: new Set(keys),
    parameters: new Set([...keys, ...urlSecretKeys.map(plain)]),
    pointers: secrets.filter((secret) => secret.startsWith("/")).map(pointerSegments),
  };
}

/** A value with its secrets masked, the original untouched, and the JSON pointer of each masked leaf. */
export function mask(value: Json, secrets: Secrets): { readonly value: Json; readonly paths: readonly string[] } {
  const paths: string[] = [];
  const masked = walk(value, "", false, secrets.pointers, { secrets, paths });
  return { value: masked, paths };
}

interface Walk {
  readonly secrets: Secrets;
  readonly paths: string[];
}

function walk(
  value: Json,
  pointer: string,
  hidden: boolean,
  active: readonly (readonly string[])[],
  state: Walk,
): Json {
  if (typeof value === "string") return maskLeaf(value, pointer, hidden, state);
  if (typeof value === "number") return hidden ? maskLeaf(String(value), pointer, hidden, state) : value;
  if (isArray(value)) {
    let copy: Json[] | undefined;
    for (const [index, element] of value.entries()) {
      const next = step(active, String(index));
      const masked = walk(element, pointerTo(pointer, index), hidden || next.hit, next.active, state);
      if (masked !== element) (copy ??= [...value])[index] = masked;
    }
    return copy ?? value;
  }
  if (!isObject(value)) return value;
  let copy: Draft | undefined;
  for (const key of Object.keys(value)) {
    const member = value[key]!;
    const next = step(active, key);
    const masked = walk(
      member,
      pointerTo(pointer, key),
      hidden || next.hit || state.secrets.keys.has(plain(key)),
      next.active,
      state,
    );
    if (masked !== member) setOwn((copy ??= { ...value }), key, masked);
  }
  return copy ?? value;
}

function step(
  active: readonly (readonly string[])[],
  key: string,
): { hit: boolean; active: readonly (readonly string[])[] } {
  if (active.length === 0) return { hit: false, active };
  const next = active.filter(([first]) => first === key || first === "*").map((pointer) => pointer.slice(1));
  return { hit: next.some((pointer) => pointer.length === 0), active: next.filter((pointer) => pointer.length > 0) };
}

function maskLeaf(value: string, pointer: string, hidden: boolean, state: Walk): string {
  const masked = hidden ? (value === "" ? value : maskText) : redactText(value, state.secrets);
  if (masked !== value) state.paths.push(pointer);
  return masked;
}

/**
 * A text with the values of secret parameters masked: in the query of a URL, in `{key=value}` as Java prints maps, in JSON
 * kept as text, and after `Bearer` and `SSWS`. The rest of it stays as it was. Linear in the length of the text.
 */
export function redactText(value: string, secrets: Secrets = secretsOf()): string {
  let redacted = value;
  if (value.includes("="))
    redacted = redacted.replaceAll(
      /(^|[?&;{,\s])([\w.-]{1,64})=([^&;,#\s"'<>{}]+)/g,
      (all: string, before: string, key: string) =>
        secrets.parameters.has(plain(key)) ? `${before}${key}=${maskText}` : all,
    );
  if (value.includes('"'))
    redacted = redacted.replaceAll(
      /"([\w.-]{1,64})"(\s{0,8}:\s{0,8})"(?:[^"\\]|\\.)+"/g,
      (all: string, key: string, colon: string) =>
        secrets.keys.has(plain(key)) ? `"${key}"${colon}"${maskText}"` : all,
    );
  return redacted.replaceAll(/\b(Bearer|SSWS)( {1,4})[\w.~+/=-]{16,}/g, `$1$2${maskText}`);
}
