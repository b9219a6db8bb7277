import { jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";

/**
 * `ndjson`: one message, envelope or eventData in a line. `json`: arrays of any size and documents one after the other, also
 * pretty-printed, as SNS posts its messages.
 */
export const formats: Readonly<Record<string, Format>> = {
  ndjson: jsonLines,
  json: jsonElements("", (head) => /^\s*[[{]/.test(head)),
};
