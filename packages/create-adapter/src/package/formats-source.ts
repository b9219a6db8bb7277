import { jsonPointer } from "../proposal/json-pointer.ts";
import type { SampleFormat } from "../samples/sample-format.ts";
import { literal } from "./literal.ts";

/** The formats as source: what proposal/formats-of.ts does. */
export function formatsSource(format: SampleFormat): string {
  if (format.kind === "cef") return cefSource;
  if (format.kind === "ndjson") return plain("jsonLines", "`ndjson`: one record in a line.", "ndjson: jsonLines");
  if (format.kind === "csv")
    return plain(
      "csvRows",
      "`csv`: with a header row, each row an object of texts.",
      "csv: { ...csvRows, sniff: (head) => /^[^\\n{[]+,/.test(head) }",
    );
  const pointer = jsonPointer(format.pointer);
  const where = pointer === "" ? "" : ` The records stand in the array at ${pointer}.`;
  return plain(
    "jsonElements",
    `\`json\`: arrays of any size, streamed, and documents one after the other.${where.replaceAll("*/", "* /")}`,
    `json: jsonElements(${literal(pointer)}, (head) => /^\\s*[[{]/.test(head))`,
  );
}

function plain(imported: string, doc: string, member: string): string {
  return `import { ${imported} } from "@tributary/adapter-kit";
import type { Format } from "@tributary/adapter-kit";

/** ${doc} */
export const formats: Readonly<Record<string, Format>> = {
  ${member},
};
`;
}

const cefSource = `import { compact } from "@tributary/adapter-kit";
import type { Format, JsonObject } from "@tributary/adapter-kit";
import { headerOf, labelled, readCef } from "@tributary/adapter-kit/readers";
import type { Cef } from "@tributary/adapter-kit/readers";

/** \`cef\`: one event in a line, with or without a syslog header. */
export const formats: Readonly<Record<string, Format>> = {
  cef: {
    frame: "line",
    sniff: (head) => /^[^\\n]{0,512}?CEF:/.test(head),
    parse: (text) => ({ value: cefRecord(readCef(text)) }),
  },
};

/** A CEF event as a record: the fields of its header, and its extensions under their labels. */
function cefRecord(cef: Cef): JsonObject {
  const { prefix, header, version, vendor, product, deviceVersion, signatureId, name, severity, extensions } = cef;
  const { time, host, app } = headerOf(header) ?? {};
  const syslog = compact({ text: prefix === "" ? undefined : prefix, time, host, app });
  const extension = labelled(extensions);
  const record = { version, vendor, product, deviceVersion, signatureId, name, severity, extension };
  return syslog === undefined ? record : { syslog, ...record };
}
`;
