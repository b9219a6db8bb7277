import { jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";

/**
 * `ndjson`: an entry, a webhook's body or a page in each line. `json`: an array of entries, and documents one after the
 * other: pages of the API, pretty-printed entries.
 */
export const formats: Readonly<Record<string, Format>> = {
  ndjson: jsonLines,
  json: jsonElements("", (head) => /^\s*[[{]/.test(head)),
};
