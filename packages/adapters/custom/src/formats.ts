import { csvRows, jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";
import { cefRecord } from "./formats/cef.ts";
import { leefRecord } from "./formats/leef.ts";
import { syslogLine } from "./formats/syslog.ts";

/** The first line of a file that says anything. */
const firstLine = (head: string): string => /^[\s\ufeff]*([^\r\n]{1,65536})/.exec(head)?.[1] ?? "";
const isJson = (line: string): boolean => /^[{[]/.test(line);

/** A beginning that is a header row: names, at least two. */
const headerRow =
  /^(?:"[^"]{1,128}"|[A-Za-z_@][\w .:@/()-]{0,127})(?:,(?:"[^"]{1,128}"|[A-Za-z_@][\w .:@/()-]{0,127})){1,512}$/;

/**
 * How bytes become records, in the order in which a file's beginning is tried. `ndjson`: JSON in lines. `json`: arrays,
 * documents that follow one another, wrappers such as `{"Records": [...]}`, all up to the limit of one record; arrays of any
 * size. `Records`, `records`, `events`: wrappers of any size, by name, or where a file is longer than its beginning; what is
 * beside the array is passed over. `syslog`: lines, also of CEF and LEEF with or without a header. `cef`, `leef`: lines of these
 * alone. `csv`: rows with a header.
 */
export const formats: Readonly<Record<string, Format>> = {
  ndjson: jsonLines,
  Records: jsonElements("/Records", (head) => isCutWrapper(head, "Records")),
  records: jsonElements("/records", (head) => isCutWrapper(head, "records")),
  events: jsonElements("/events"),
  json: jsonElements("", (head) => isJson(firstLine(head))),
  syslog: {
    frame: "line",
    sniff: (head) => /^(?:<\d{1,3}>|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d )/.test(firstLine(head)),
    parse: syslogLine,
  },
  cef: {
    frame: "line",
    sniff: (head) => !isJson(firstLine(head)) && /(?:^|[\s>:])CEF: ?\d{1,3}\|/.test(firstLine(head)),
    parse: (line) => ({ value: cefRecord(line) }),
  },
  leef: {
    frame: "line",
    sniff: (head) => !isJson(firstLine(head)) && /(?:^|[\s>:])LEEF: ?\d{1,3}(?:\.\d{1,3})?\|/.test(firstLine(head)),
    parse: (line) => ({ value: leefRecord(line) }),
  },
  csv: { ...csvRows, sniff: (head) => headerRow.test(firstLine(head)) },
};

/** Whether a document begins with an array of this name and does not end within its beginning. */
function isCutWrapper(head: string, name: string): boolean {
  const begins = new Map([
    ["Records", /^[\s\ufeff]*\{\s*"Records"\s*:\s*\[/],
    ["records", /^[\s\ufeff]*\{\s*"records"\s*:\s*\[/],
  ]);
  if (begins.get(name)?.test(head) !== true) return false;
  try {
    JSON.parse(head);
    return false;
  } catch {
    return true;
  }
}
