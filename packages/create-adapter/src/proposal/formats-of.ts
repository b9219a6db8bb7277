import { csvRows, jsonElements, jsonLines } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";
import { readCef } from "@tributary/adapter-kit/readers";
import { cefRecord } from "../samples/cef-record.ts";
import type { SampleFormat } from "../samples/sample-format.ts";
import { jsonPointer } from "./json-pointer.ts";

/** The formats of the adapter, as the generated source has them. */
export function formatsOf(format: SampleFormat): Readonly<Record<string, Format>> {
  if (format.kind === "ndjson") return { ndjson: jsonLines };
  if (format.kind === "csv") return { csv: { ...csvRows, sniff: (head) => /^[^\n{[]+,/.test(head) } };
  if (format.kind === "json")
    return { json: jsonElements(jsonPointer(format.pointer), (head) => /^\s*[[{]/.test(head)) };
  return {
    cef: {
      frame: "line",
      sniff: (head) => /^[^\n]{0,512}?CEF:/.test(head),
      parse: (text) => ({ value: cefRecord(readCef(text)) }),
    },
  };
}
