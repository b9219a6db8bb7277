import type { Json } from "../contract/json.ts";
import { pointerSegments, pointerTo } from "../json-pointer.ts";
import { isArray, isObject, setOwn } from "../own-property.ts";
import type { Draft } from "../own-property.ts";
import { maskText } from "./mask-text.ts";
import type { Personal } from "./personal.ts";
import { plainKey } from "./plain-key.ts";
import { mayHoldToken, redactTokens } from "./token-shapes.ts";

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

/** A value with its secrets, and what tells of persons, masked; the original untouched; the JSON pointer of each masked leaf. */
export function mask(
  value: Json,
  secrets: Secrets,
  personal?: Personal,
): { readonly value: Json; readonly paths: readonly string[] } {
  const state: Walk = { secrets, personal, paths: [], steps: [] };
  const masked = walk(value, false, secrets.pointers, state);
  return { value: masked, paths: state.paths };
}

interface Walk {
  readonly secrets: Secrets;
  readonly personal: Personal | undefined;
  readonly paths: string[];
  /** From the record to the value at hand. */
  readonly steps: (string | number)[];
}

function walk(value: Json, hidden: boolean, active: readonly (readonly string[])[], state: Walk): Json {
  if (typeof value === "string") return maskLeaf(value, hidden, state);
  if (typeof value === "number") return hidden ? maskLeaf(String(value), hidden, state) : value;
  if (isArray(value)) {
    let copy: Json[] | undefined;
    for (let index = 0; index < value.length; index += 1) {
      const element = value[index]!;
      const next = active.length === 0 ? nothingActive : step(active, String(index));
      const masked = below(element, index, hidden || next.hit, next.active, state);
      if (masked !== element) (copy ??= [...value])[index] = masked;
    }
    return copy ?? value;
  }
  if (!isObject(value)) return value;
  let copy: Draft | undefined;
  for (const key in value) {
    const member = value[key]!;
    if (member === null || typeof member === "boolean") continue;
    const next = active.length === 0 ? nothingActive : step(active, key);
    const masked = below(member, key, hidden || next.hit || state.secrets.isSecret(key), next.active, state);
    if (masked !== member) setOwn((copy ??= { ...value }), key, masked);
  }
  return copy ?? value;
}

/** {@link walk} one step down. The leaves that nothing hides and that hold nothing to redact, nearly all, end here. */
function below(
  value: Json,
  key: string | number,
  hidden: boolean,
  active: readonly (readonly string[])[],
  state: Walk,
): Json {
  if (!hidden && (typeof value === "string" ? !mayChange(value, state) : typeof value !== "object")) return value;
  state.steps.push(key);
  const masked = walk(value, hidden, active, state);
  state.steps.pop();
  return masked;
}

const nothingActive = { hit: false, active: [] };

function step(
  active: readonly (readonly string[])[],
  key: string,
): { readonly hit: boolean; readonly active: readonly (readonly string[])[] } {
  if (!active.some(([first]) => first === key || first === "*")) return nothingActive;
  const next = active.filter(([first]) => first === key || first === "*").map((pointer) => pointer.slice(1));
  return { hit: next.some((pointer) => pointer.length === 0), active: next.filter((pointer) => pointer.length > 0) };
}

function maskLeaf(value: string, hidden: boolean, state: Walk): string {
  const masked = hidden ? (value === "" ? value : maskText) : redactLeaf(value, state);
  if (masked !== value) state.paths.push(state.steps.reduce<string>(pointerTo, ""));
  return masked;
}

function redactLeaf(value: string, { secrets, personal, steps }: Walk): string {
  const redacted = redactText(value, secrets);
  if (personal === undefined) return redacted;
  // An element of an array stands under the array's key.
  const key = steps.findLast((at) => typeof at === "string");
  return typeof key === "string" && personal.isName(key) ? personal.hideName(redacted) : personal.hideEmails(redacted);
}

const mayChange = (value: string, { personal }: Walk): boolean => personal !== undefined || mayHoldSecret(value);

/** Whether {@link redactText} can change a text. The lengths are those of `a=b`, `"a":"b"`, and `SSWS` with a token. */
function mayHoldSecret(value: string): boolean {
  const { length } = value;
  if (length < 3) return false;
  // indexOf, since the engine searches for one character natively only there.
  if (value.indexOf("=") >= 0 || (length >= 7 && value.indexOf('"') >= 0)) return true;
  if (length < 20) return false;
  // Most long texts are ids and addresses, without a blank.
  return mayHoldToken(value) || (value.indexOf(" ") >= 0 && (value.includes("Bearer ") || value.includes("SSWS ")));
}

/**
 * A text with the values of secret parameters masked: in the query of a URL, in `{key=value}` as Java prints maps, in JSON
 * kept as text, and after `Bearer` and `SSWS`; and tokens that their own form tells. The rest of it stays as it was. Linear in the
 * length of the text.
 */
export function redactText(value: string, secrets: Secrets = secretsOf()): string {
  let redacted = value;
  if (value.includes("="))
    redacted = redacted.replaceAll(
      /(^|[?&;{,\s])([\w.-]{1,64})=([^&;,#\s"'<>{}]+)/g,
      (all: string, before: string, key: string) =>
        secrets.isSecretParameter(key) ? `${before}${key}=${maskText}` : all,
    );
  if (value.includes('"'))
    redacted = redacted.replaceAll(
      /"([\w.-]{1,64})"(\s{0,8}:\s{0,8})"(?:[^"\\]|\\.)+"/g,
      (all: string, key: string, colon: string) => (secrets.isSecret(key) ? `"${key}"${colon}"${maskText}"` : all),
    );
  if (mayHoldToken(redacted)) redacted = redactTokens(redacted);
  if (!value.includes("Bearer ") && !value.includes("SSWS ")) return redacted;
  return redacted.replaceAll(/\b(Bearer|SSWS)( {1,4})[\w.~+/=-]{16,}/g, `$1$2${maskText}`);
}
