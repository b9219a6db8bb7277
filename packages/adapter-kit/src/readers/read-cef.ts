import { Refused } from "../refused.ts";
import { maxFields } from "./max-fields.ts";
import type { Syslog } from "./read-syslog.ts";
import { syslogPrefix } from "./syslog-prefix.ts";

/** One `key=value` of a CEF extension. */
export interface CefExtension {
  /** "" where the source wrote a value without a key, or text before the first key. */
  readonly key: string;
  /** What is meant: without quotes around it, `\=`, `\\`, `\n` and `\r` read. A backslash before anything else stays. */
  readonly value: string;
  /** What is written, blanks around it cut: for producers that escape nothing, such as paths with single backslashes. */
  readonly raw: string;
}

/** A CEF event: ArcSight Common Event Format, versions 0 and 1. Header fields are texts as the source means them. */
export interface Cef {
  /** What stands before `CEF:`, as written; "" for nothing. */
  readonly prefix: string;
  /** The prefix read as a syslog header; undefined where it is none. */
  readonly header: Syslog | undefined;
  readonly version: string;
  readonly vendor: string;
  readonly product: string;
  readonly deviceVersion: string;
  readonly signatureId: string;
  readonly name: string;
  /** 0 to 10, or Unknown, Low, Medium, High, Very-High, or whatever the source writes. */
  readonly severity: string;
  /** In their order. Keys may repeat and may be empty. */
  readonly extensions: readonly CefExtension[];
}

/**
 * Reads `[syslog header ]CEF:0|vendor|product|version|signature|name|severity|key=value key=value`. A value ends where a
 * blank and the next `key=` begin; an equals sign with no blank and key before it, as in a URL's query, belongs to the
 * value, and so does ` = ` with blanks on both sides. A value that opens with a quote ends at the quote that the next key
 * or the end follows. The last pipe may be missing. Throws {@link Refused} `NOT_CEF` without the seven fields of the
 * header, and for more than 10,000 extensions. Linear in the length of the text.
 */
export function readCef(text: string): Cef {
  const start = /(?<=^|[\s>:])CEF: ?\d{1,3}(?:\.\d{1,3})?\|/.exec(text);
  if (start === null)
    throw new Refused("NOT_CEF", "This is no CEF: it needs CEF:0| or CEF:1| at its start or after a syslog header.");
  const prefix = text.slice(0, start.index);
  const { fields, end } = headerFields(text, start.index + 4);
  if (fields.length < 7)
    throw new Refused("NOT_CEF", `The CEF header has ${fields.length} of 7 fields: the event is cut off or malformed.`);
  const [version = "", vendor = "", product = "", deviceVersion = "", signatureId = "", name = "", severity = ""] =
    fields;
  const header = syslogPrefix(prefix);
  const extensions = readExtensions(text.slice(end));
  return { prefix, header, version, vendor, product, deviceVersion, signatureId, name, severity, extensions };
}

/** The fields up to the seventh pipe or the end, and where the extension begins. */
function headerFields(text: string, from: number): { readonly fields: readonly string[]; readonly end: number } {
  const fields: string[] = [];
  let start = from;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 92) at += 1;
    else if (code === 124) {
      fields.push(headerValue(text.slice(start, at)));
      start = at + 1;
      if (fields.length === 7) return { fields, end: start };
    }
  }
  fields.push(headerValue(text.slice(start)));
  return { fields, end: text.length };
}

const headerValue = (written: string) => unquoted(written.trim()).replaceAll(/\\([|\\])/g, "$1");

/** Letters and digits as the format says; dots, hyphens, underscores and brackets as products write. */
const key = String.raw`[\p{L}\p{N}_][\p{L}\p{N}_.\[\]-]{0,127}`;
/** At the start or after a blank: a key and its equals sign, or an equals sign with no key that a value follows at once. */
const keyed = new RegExp(String.raw`(?<=^|[ \t])(?:(${key})=|=(?=[^ \t=]))`, "gu");
/** A quote that ends a value: the end or the next key follows. */
const closing = new RegExp(String.raw`"(?=[ \t]*$|[ \t]+${key}=)`, "gu");

function readExtensions(text: string): readonly CefExtension[] {
  const found: CefExtension[] = [];
  const closings = [...text.matchAll(closing)].map((match) => match.index);
  let nextClosing = 0;
  let current = { key: "", from: 0 };
  let quotedUntil = -1;
  const open = (name: string, from: number) => {
    current = { key: name, from };
    let begin = from;
    while (isBlank(text.charCodeAt(begin))) begin += 1;
    if (text.charCodeAt(begin) !== 34) return;
    while (nextClosing < closings.length && closings[nextClosing]! <= begin) nextClosing += 1;
    quotedUntil = closings[nextClosing] ?? -1;
  };
  const close = (end: number) => {
    const raw = trimBlanks(text.slice(current.from, end));
    if (raw !== "" || current.from > 0) {
      if (found.length >= maxFields)
        throw new Refused("NOT_CEF", `The CEF event has more than ${maxFields} extensions.`);
      found.push({ key: current.key, value: unescaped(unquoted(raw)), raw });
    }
  };
  for (const match of text.matchAll(keyed)) {
    if (match.index < quotedUntil) continue;
    close(match.index);
    open(match[1] ?? "", match.index + match[0].length);
  }
  close(text.length);
  return found;
}

const isBlank = (code: number) => code === 32 || code === 9;

function trimBlanks(value: string): string {
  let from = 0;
  let to = value.length;
  while (from < to && isBlank(value.charCodeAt(from))) from += 1;
  while (to > from && isBlank(value.charCodeAt(to - 1))) to -= 1;
  return value.slice(from, to);
}

/** Quotes around a value are not meant, unless there are others between them. */
function unquoted(value: string): string {
  const inner = value.slice(1, -1);
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') && !inner.includes('"') ? inner : value;
}

const unescaped = (value: string) =>
  value.includes("\\")
    ? value.replaceAll(/\\([=\\nr])/g, (_all, escaped: string) =>
        escaped === "n" ? "\n" : escaped === "r" ? "\r" : escaped,
      )
    : value;
