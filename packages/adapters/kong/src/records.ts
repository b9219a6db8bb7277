import { decodeJson, isObject, Refused, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { kindOf } from "./kind-of.ts";
import { readForm } from "./read-form.ts";

/**
 * The records of what Kong sends: a page of the Admin API or of Konnect (`data`), an array, as log plugins send in batches, or
 * one record, which Konnect's format for CrowdStrike wraps in `event`. Throws {@link Refused} `API_ERROR` for an error answer.
 */
export function records(value: Json): readonly Json[] {
  const found = recordsOf(value);
  // In an array an error refuses itself alone: it is of no kind.
  const isAlone = found.length === 1 && found[0] === value && kindOf(value) === undefined;
  if (isAlone && typeof (valueAt(value, "message") ?? valueAt(value, "detail")) === "string")
    throw new Refused("API_ERROR", "This is an error answer of an API, not a page of records.", "/message");
  return found;
}

function recordsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(recordsOf);
  if (kindOf(value) !== undefined) return [settled(value)];
  const data = valueAt(value, "data") ?? valueAt(value, "Data");
  if (Array.isArray(data)) return (data as readonly Json[]).map(settled);
  const wrapped = valueAt(value, "event");
  if (isObject(value) && isObject(wrapped) && kindOf(wrapped) !== undefined) {
    const { event: _event, ...beside } = value;
    return [{ ...beside, ...wrapped }];
  }
  return [value];
}

/**
 * A record of the Admin API's audit log as it stays: without `ttl`, which counts down to the row's removal and so is another
 * one at every reading, and with what is kept as text, a request's payload (JSON or a form) and a row (JSON), read.
 */
function settled(record: Json): Json {
  const kind = kindOf(record)?.kind;
  if (!isObject(record) || (kind !== "request" && kind !== "object")) return record;
  const { ttl: _ttl, ...kept } = record;
  const key = kind === "request" ? "payload" : "entity";
  const text = kept[key];
  if (typeof text !== "string") return kept;
  if (!/^\s*[[{]/.test(text)) {
    const form = kind === "request" ? readForm(text) : undefined;
    return form === undefined ? kept : { ...kept, [key]: form };
  }
  try {
    return { ...kept, [key]: decodeJson(text).value };
  } catch {
    return kept;
  }
}
