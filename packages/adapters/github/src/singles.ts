import { text, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject, Taking } from "@tributary/adapter-kit";

/**
 * A name that may be an array (`org`, `repo` of events that touch several): the one element as a text, several joined by
 * commas. It is taken where the text says all of it; several elements also stay in the rest, as an array.
 */
export function single(record: unknown, take: Taking, key: string): string | undefined {
  const value = valueAt(record, key);
  if (!Array.isArray(value)) return take.text(key);
  const names = (value as readonly Json[]).flatMap((name) => text(name) ?? []);
  if (names.length === 1 && value.length === 1) take.value(key);
  return names.length === 0 ? undefined : names.join(",");
}

/** The rest with `org_id` and `repo_id` as the one number they hold, so that a query finds both spellings. */
export function singles(rest: JsonObject | undefined): JsonObject | undefined {
  if (rest === undefined) return undefined;
  let one: { [key: string]: Json } | undefined;
  for (const key of ["org_id", "repo_id"]) {
    const value = rest[key];
    if (!Array.isArray(value) || value.length !== 1) continue;
    const [only]: readonly Json[] = value;
    if (typeof only === "number" || typeof only === "string") (one ??= { ...rest })[key] = only;
  }
  return one ?? rest;
}
