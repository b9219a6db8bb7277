import { digestOf } from "../digest.ts";
import { isArray, isObject } from "../own-property.ts";
import { Refused } from "../refused.ts";
import { sortedCopy } from "./sorted-copy.ts";

/** Whether a text can be the `id` of an audit event as it is: `[-_A-Za-z0-9]`, 1 to 128 characters. Spec 1.1. */
export function fitsId(value: string): boolean {
  return /^[-_A-Za-z0-9]{1,128}$/.test(value);
}

/**
 * The event's id from the vendor's own: the vendor's id where it fits the pattern, else the unpadded base64url of its
 * SHA-256 (43 characters), stable across retries. Throws {@link Refused} `ID_MISSING` for an empty id.
 */
export function idFrom(sourceId: string): string {
  if (sourceId === "") throw new Refused("ID_MISSING", "The record's own id is empty: give contentId as the fallback.");
  return fitsId(sourceId) ? sourceId : digestOf(sourceId);
}

/**
 * The id of a record that has none: a digest of its content and of how many equal ones came before (`Origin.occurrence`),
 * so two equal lines stay two events and a moved or compressed copy keeps its ids. The definition must say
 * `countsOccurrences: true`.
 * @param content the record, a JSON value (its key order does not matter) or its text
 * @param prefix of the id, for instance `github`: up to 64 characters of the id's alphabet
 */
export function contentId(content: unknown, occurrence: number, prefix: string): string {
  const body = typeof content === "string" ? content : canonicalJson(content);
  return `${prefix}-${digestOf(occurrence === 0 ? body : `${body}\0${occurrence}`)}`;
}

/** Compact JSON with the members of every object in the order of their UTF-16 code units. */
export function canonicalJson(value: unknown): string {
  const sorted = sortedCopy(value);
  return sorted === undefined ? written(value) : JSON.stringify(sorted);
}

function written(value: unknown): string {
  if (isArray(value)) return `[${value.map(written).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const members = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${written(value[key])}`);
  return `{${members.join(",")}}`;
}
