import { jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";
import { konnectCef } from "./konnect-cef.ts";

/**
 * `cef`: Konnect's default, an event in each line. `ndjson`: a record, a page or a batch in each line. `json`: arrays, and
 * documents one after the other: pages of the APIs, bodies of webhooks and of log plugins.
 */
export const formats: Readonly<Record<string, Format>> = {
  cef: {
    frame: "line",
    sniff: (head) => /^[^\n{[]{0,256}CEF: ?\d/.test(head.trimStart()),
    parse: konnectCef,
  },
  ndjson: jsonLines,
  json: jsonElements("", (head) => /^\s*[[{]/.test(head)),
};
