import { jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";

/**
 * `ndjson`: one LogEvent or envelope in a line. `json`: arrays (API pages, exports of any size) and documents that follow
 * one another without line ends, as Firehose writes them, or pretty-printed.
 */
export const formats: Readonly<Record<string, Format>> = {
  ndjson: jsonLines,
  json: jsonElements("", (head) => /^\s*[[{]/.test(head)),
};
