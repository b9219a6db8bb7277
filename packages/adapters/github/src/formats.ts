import { decodeJson, jsonElements, jsonLines, Refused } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";

const syslog = /^<\d{1,3}>/;

/**
 * `ndjson`: streamed files, one record in a line. `json`: API pages and exports (an array of records), pretty-printed
 * records. Enterprise Server's syslog lines are recognised to be refused by name.
 */
export const formats: Readonly<Record<string, Format>> = {
  ndjson: {
    ...jsonLines,
    sniff: (head) => syslog.test(head) || jsonLines.sniff?.(head) === true,
    parse: (text) => {
      if (syslog.test(text))
        throw new Refused(
          "SYSLOG_LINE",
          "This is a syslog line of Enterprise Server; this adapter reads the JSON of streaming and of the API.",
        );
      return decodeJson(text);
    },
  },
  json: jsonElements("", (head) => /^\s*[[{]/.test(head)),
};
