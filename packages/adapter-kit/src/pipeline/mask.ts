import type { Json } from "../contract/json.ts";
import { pointerTo } from "../json-pointer.ts";
import { isArray, isObject, setOwn } from "../own-property.ts";
import type { Draft } from "../own-property.ts";
import { maskText } from "./mask-text.ts";
import type { Personal } from "./personal.ts";
import { mayHoldSecret, redactText } from "./redact-text.ts";
import type { Secrets } from "./secrets.ts";

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
  for (const key of Object.keys(value)) {
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
