import { decodeJson, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { readRepr } from "./read-repr.ts";

/** `supporting_data` of an audit record, whichever way it is written. */
export interface SupportingData {
  /** The object; undefined where there is none or it cannot be read. */
  readonly value?: Json | undefined;
  /** `data_values`: texts, numbers and booleans, by convention of the kind of event. */
  readonly values: readonly Json[];
}

/** Reads an object, its JSON as a text (CSV), or Python's way to print it (Cloud Exchange). */
export function supportingData(given: Json | undefined): SupportingData {
  const value = typeof given === "string" ? parsed(given) : given;
  if (typeof value !== "object" || value === null) return { values: [] };
  const values = valueAt(value, "data_values");
  return { value, values: Array.isArray(values) ? (values as readonly Json[]) : [] };
}

function parsed(text: string): Json | undefined {
  try {
    return decodeJson(text).value;
  } catch {
    return readRepr(text);
  }
}
