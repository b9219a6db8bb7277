import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** The tag `{id, type, value}` of the organizational unit the event happened in; undefined when no tag is one. */
export function organizationalUnit(tags: Json | undefined): Json | undefined {
  return Array.isArray(tags)
    ? (tags as readonly Json[]).find(
        (tag) => textAt(tag, "type") === "organizational_unit" && valueAt(tag, "id") !== undefined,
      )
    : undefined;
}
