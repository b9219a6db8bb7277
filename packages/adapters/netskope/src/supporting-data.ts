import { decodeJson, ipAddress, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { readRepr } from "./read-repr.ts";

/** `supporting_data` of an audit record, whichever way it is written. */
export interface SupportingData {
  /** The object; undefined where there is none or it cannot be read. */
  readonly value?: Json | undefined;
  /** `data_values`: texts, numbers and booleans, by convention of the kind of event. */
  readonly values: readonly Json[];
}

/** A call of the REST API, as its audit row tells: `[403, "POST", "/api/v2/...", "trid=..."]`. */
export interface RestCall {
  readonly status: number;
  readonly method: string;
  readonly path: string;
}

/** Reads an object, its JSON as a text (CSV), or Python's way to print it (Cloud Exchange). */
export function supportingData(given: Json | undefined): SupportingData {
  const value = typeof given === "string" ? parsed(given) : given;
  if (typeof value !== "object" || value === null) return { values: [] };
  const values = valueAt(value, "data_values");
  return { value, values: Array.isArray(values) ? (values as readonly Json[]) : [] };
}

export function restCall(values: readonly Json[]): RestCall | undefined {
  const [first, method, path] = values;
  const status = Number(first);
  const isCall =
    Number.isInteger(status) &&
    status >= 100 &&
    status < 600 &&
    typeof method === "string" &&
    /^[A-Z]{3,10}$/.test(method) &&
    typeof path === "string" &&
    path.startsWith("/");
  return isCall ? { status, method, path } : undefined;
}

/** The first of the values that is an address: sign-ins carry it there and nowhere else. */
export function firstAddress(values: readonly Json[]): string | undefined {
  return values.map(ipAddress).find((address) => address !== undefined);
}

function parsed(text: string): Json | undefined {
  try {
    return decodeJson(text).value;
  } catch {
    return readRepr(text);
  }
}
