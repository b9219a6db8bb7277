import { jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";
import { readXml } from "./read-xml.ts";
import { syslogLine } from "./syslog-line.ts";

/**
 * `syslog`: one message of the Vault or PTA in a line. `ndjson`: one record of the Audit service, or the Vault's JSON
 * without a header, in a line. `xml`: one document of the Vault, over several lines. `json`: arrays, pages, pretty-printed
 * records. `page`: a page of the Audit service, as the poller hands it on.
 */
export const formats: Readonly<Record<string, Format>> = {
  syslog: syslogLine,
  ndjson: jsonLines,
  xml: {
    frame: "body",
    sniff: (head) => /^\s*<(?:\?xml|syslog)\b/.test(head),
    parse: (text) => ({ value: readXml(text) }),
  },
  json: jsonElements("", (head) => /^\s*[[{]/.test(head)),
  page: jsonElements("/data"),
};
