import { jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";

/**
 * `ndjson`: webhooks of the format SIEM (NDJSON) and EventBridge envelopes, one in a line. `json`: webhooks of the format
 * JSON Array, answers of the Events API, exports, and documents that follow one another, pretty-printed or not.
 */
export const formats: Readonly<Record<string, Format>> = {
  ndjson: jsonLines,
  json: jsonElements("", (head) => /^\s*[[{]/.test(head)),
};
