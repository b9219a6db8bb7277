import { decodeJson, Refused } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";

/** Streamed files (one record in a line) and API pages or exports (an array of records). */
export const formats: Readonly<Record<string, Format>> = {
  ndjson: {
    frame: "line",
    sniff: (head) => /^\s*\{/.test(head),
    parse: (text) => {
      if (/^<\d{1,3}>/.test(text))
        throw new Refused(
          "SYSLOG_LINE",
          "This is a syslog line, as Enterprise Server forwards them; this adapter reads the JSON of streaming and of the API.",
        );
      return decodeJson(text);
    },
  },
  array: { frame: { elementsOf: "" }, sniff: (head) => /^\s*\[/.test(head) },
};
