import { decodeJson, isObject, Refused } from "@tributary/adapter-kit";
import type { Format, Json, JsonObject } from "@tributary/adapter-kit";
import { labelled, readCef, readLeef, readSyslog } from "@tributary/adapter-kit/readers";
import type { CefExtension, Syslog } from "@tributary/adapter-kit/readers";
import { readXml } from "./read-xml.ts";

/** Relays put a header of their own before the Vault's. */
const mostHeaders = 3;
const beginsHeader = /^(?:<\d{1,3}>|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d |\d{4}-\d\d-\d\dT\S+ )/;
const isPayload = /^(?:\{|<(?!\d)|CEF:|LEEF:)/;

/**
 * A line of the Vault or of PTA: a syslog header of any kind or none, then JSON, CEF, LEEF or XML. The header closest to
 * the payload becomes the record's member `header`; its time is the event's where the payload has none. Throws
 * {@link Refused} `RECORD_NOT_RECOGNISED` for other text, and what the payload's reader throws.
 */
export const syslogLine: Format = {
  frame: "line",
  sniff: (head) =>
    /^\s*(?:<\d{1,3}>|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d |\d{4}-\d\d-\d\dT\S+ |CEF:|LEEF:)/.test(head),
  parse: (line) => {
    let payload = line.trim();
    let header: Syslog | undefined;
    for (
      let found = 0;
      found < mostHeaders && (found === 0 ? !isPayload.test(payload) : beginsHeader.test(payload));
      found += 1
    ) {
      header = readSyslog(payload);
      payload = header.message.trim();
    }
    if (!isPayload.test(payload))
      throw new Refused("RECORD_NOT_RECOGNISED", "The line holds neither JSON nor CEF, LEEF or XML.");
    const read = payload.startsWith("{") ? decodeJson(payload) : { value: readPayload(payload) };
    return header === undefined || !isObject(read.value)
      ? read
      : { ...read, value: { header: shown(header), ...read.value } };
  },
};

function readPayload(payload: string): Json {
  if (payload.startsWith("<")) return readXml(payload);
  if (payload.startsWith("CEF:")) {
    const { version, deviceVersion, vendor, product, signatureId, name, severity, extensions } = readCef(payload);
    const named = labelled(extensions.map((extension) => ({ ...extension, value: meant(extension) })));
    return { cef: version, vendor, product, version: deviceVersion, signatureId, name, severity, extensions: named };
  }
  const { version, deviceVersion, vendor, product, eventId, attributes } = readLeef(payload);
  const named = labelled(attributes.map(({ key, value }) => ({ key, value, raw: value })));
  return { leef: version, vendor, product, version: deviceVersion, eventId, attributes: named };
}

/** CyberArk escapes the equals sign alone: in `Root\network` there is no line feed. */
function meant({ raw }: CefExtension): string {
  const inner = /^"([^"]*)"$/.exec(raw)?.[1] ?? raw;
  return inner.replaceAll("\\=", "=");
}

function shown({ facility, severity, time, host, app, procId, msgId, structuredData }: Syslog): JsonObject {
  const shownHeader: { [name: string]: Json } = {};
  const members = { facility, severity, time, host, app, procId, msgId };
  for (const [name, value] of Object.entries(members)) if (value !== undefined) shownHeader[name] = value;
  if (structuredData.length > 0)
    shownHeader["structuredData"] = structuredData.map(({ id, parameters }) => ({
      id,
      parameters: parameters.map(({ name, value }) => ({ name, value })),
    }));
  return shownHeader;
}
