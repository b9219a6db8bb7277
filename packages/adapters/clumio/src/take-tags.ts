import { valueAt } from "@tributary/adapter-kit";
import type { Json, Taking } from "@tributary/adapter-kit";

/**
 * The tags of an event, taken from `details_json` or, where that is missing, from `details`. An event that has `tags` of its
 * own keeps both where they stand.
 */
export function takeTags(record: unknown, take: Taking): Json | undefined {
  return valueAt(record, "tags") === undefined
    ? (take.value("details_json", "tags") ?? take.value("details", "tags"))
    : undefined;
}
