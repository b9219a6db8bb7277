import { Refused } from "../refused.ts";
import { maxFields } from "./max-fields.ts";
import type { Syslog } from "./read-syslog.ts";
import { syslogPrefix } from "./syslog-prefix.ts";

/** One attribute of a LEEF event. */
export interface LeefAttribute {
  /** Blanks around it cut; "" for a piece without an equals sign. */
  readonly key: string;
  /** As written: LEEF has no escapes. */
  readonly value: string;
}

/** A LEEF event: IBM QRadar's Log Event Extended Format, versions 1.0 and 2.0. */
export interface Leef {
  /** What stands before `LEEF:`, as written; "" for nothing. */
  readonly prefix: string;
  /** The prefix read as a syslog header; undefined where it is none. */
  readonly header: Syslog | undefined;
  readonly version: string;
  readonly vendor: string;
  readonly product: string;
  readonly deviceVersion: string;
  readonly eventId: string;
  /** What separates attributes: a tab, or what a header of version 2.0 names. */
  readonly delimiter: string;
  /** In their order. Keys may repeat. */
  readonly attributes: readonly LeefAttribute[];
}

/**
 * Reads `[syslog header ]LEEF:1.0|vendor|product|version|event|key=value<TAB>key=value`. Version 2.0 has one more field,
 * the delimiter: a character, or its code in hexadecimal (`x5E`, `0x09`); empty, absent or `\\t` it is a tab.
 * Source: ibm.com/docs/en/dsm, "LEEF event components". Throws {@link Refused} `NOT_LEEF` without the five fields of the
 * header, and for more than 10,000 attributes. Linear in the length of the text.
 */
export function readLeef(text: string): Leef {
  const start = /(?<=^|[\s>:])LEEF: ?(\d{1,3}(?:\.\d{1,3})?)\|/.exec(text);
  if (start === null)
    throw new Refused(
      "NOT_LEEF",
      "This is no LEEF: it needs LEEF:1.0| or LEEF:2.0| at its start or after a syslog header.",
    );
  const prefix = text.slice(0, start.index);
  let at = start.index + start[0].length;
  const fields: string[] = [];
  while (fields.length < 4) {
    const pipe = text.indexOf("|", at);
    if (pipe < 0 && fields.length < 3)
      throw new Refused(
        "NOT_LEEF",
        `The LEEF header has ${fields.length + 2} of 5 fields: the event is cut off or malformed.`,
      );
    fields.push(text.slice(at, pipe < 0 ? undefined : pipe).trim());
    at = pipe < 0 ? text.length : pipe + 1;
  }
  const [vendor = "", product = "", deviceVersion = "", eventId = ""] = fields;
  const version = start[1]!;
  const { delimiter, from } = version.startsWith("1") ? { delimiter: "\t", from: at } : delimiterAt(text, at);
  const attributes = readAttributes(text.slice(from), delimiter);
  const header = syslogPrefix(prefix);
  return { prefix, header, version, vendor, product, deviceVersion, eventId, delimiter, attributes };
}

function delimiterAt(text: string, at: number): { readonly delimiter: string; readonly from: number } {
  const field = /^(?:0?[xX]([0-9A-Fa-f]{1,4})|(\\t|[^|]?))\|/u.exec(text.slice(at, at + 8));
  if (field === null) return { delimiter: "\t", from: at };
  const [all, code, character] = field;
  const delimiter = code === undefined ? character : String.fromCharCode(Number.parseInt(code, 16));
  return { delimiter: delimiter === "" || delimiter === "\\t" ? "\t" : delimiter!, from: at + all.length };
}

function readAttributes(text: string, delimiter: string): readonly LeefAttribute[] {
  const attributes: LeefAttribute[] = [];
  for (let at = 0; at <= text.length;) {
    const next = text.indexOf(delimiter, at);
    const end = next < 0 ? text.length : next;
    if (end > at) {
      if (attributes.length >= maxFields)
        throw new Refused("NOT_LEEF", `The LEEF event has more than ${maxFields} attributes.`);
      const piece = text.slice(at, end);
      const equals = piece.indexOf("=");
      attributes.push(
        equals < 0 ? { key: "", value: piece } : { key: piece.slice(0, equals).trim(), value: piece.slice(equals + 1) },
      );
    }
    at = end + delimiter.length;
  }
  return attributes;
}
