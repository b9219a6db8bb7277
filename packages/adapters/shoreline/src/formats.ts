import { csvRows, jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";

/**
 * `ndjson`: one row or eventData in a line. `json`: arrays of any size and documents one after the other. `csv`: what the Audit
 * page downloads, known by a column of details.
 */
export const formats: Readonly<Record<string, Format>> = {
  ndjson: jsonLines,
  json: jsonElements("", (head) => /^\s*[[{]/.test(head)),
  csv: { ...csvRows, sniff: (head) => /^(?:[^\n,]*,)*[ "]*details[ "]*(?:,|\r?\n|$)/i.test(head) },
};
