import { jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";

/**
 * `ndjson`: lines of a feed (its blank keep-alive lines are no records) and of replicator files. `json`: arrays that other
 * tools make of them, pretty-printed records.
 */
export const formats: Readonly<Record<string, Format>> = {
  ndjson: jsonLines,
  json: jsonElements("", (head) => /^\s*[[{]/.test(head)),
};
