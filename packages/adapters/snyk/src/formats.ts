import { jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";

/**
 * `ndjson`: one record, EventBridge envelope or webhook delivery in a line. `json`: pages of the REST API, arrays of the v1
 * API, deliveries, pretty-printed records.
 */
export const formats: Readonly<Record<string, Format>> = {
  ndjson: jsonLines,
  json: jsonElements("", (head) => /^\s*[[{]/.test(head)),
};
