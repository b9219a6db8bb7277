import { jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";
import { syslogLine } from "./syslog-line.ts";

/**
 * `ndjson`: streamed files, one record in a line. `json`: API pages and exports (an array of records), webhook deliveries,
 * pretty-printed records. `syslog`: lines that Enterprise Server forwards.
 */
export const formats: Readonly<Record<string, Format>> = {
  ndjson: jsonLines,
  json: jsonElements("", (head) => /^\s*[[{]/.test(head)),
  syslog: syslogLine,
};
