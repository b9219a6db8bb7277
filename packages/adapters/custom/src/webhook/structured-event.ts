/** What is wrong with a binary CloudEvent, for its sender. */
export interface NoEvent {
  readonly why: string;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Attributes that come of the body and its content type. */
const ofBody: ReadonlySet<string> = new Set(["data", "data_base64", "datacontenttype"]);

/** Whether a request is a CloudEvent in binary mode: it has the headers that every event has. */
export function isBinaryEvent(headers: Headers): boolean {
  return ["ce-specversion", "ce-id", "ce-source", "ce-type"].every((name) => headers.has(name));
}

/**
 * A CloudEvent in binary mode (attributes in `ce-` headers, data in the body) as one in structured mode: JSON text. JSON data
 * go in as they came, so that their numbers keep their digits; other text is a string, anything else `data_base64`.
 * github.com/cloudevents/spec, cloudevents/bindings/http-protocol-binding.md, 3.1.
 */
export function structuredEvent(headers: Headers, body: Uint8Array): string | NoEvent {
  const attributes: [string, string][] = [];
  for (const [header, written] of headers) {
    const name = header.startsWith("ce-") ? header.slice(3) : "";
    if (name === "") continue;
    const value = attributeValue(written);
    if (value === undefined) return { why: `The value of ${header} is no percent-encoded UTF-8.` };
    if (ofBody.has(name)) return { why: `The header ${header} may not stand beside the data of the body.` };
    attributes.push([name, value]);
  }
  const type = headers.get("content-type");
  if (type !== null) attributes.push(["datacontenttype", type]);
  const event = JSON.stringify(Object.fromEntries(attributes));
  if (body.length === 0) return event;
  const data = dataOf(type ?? "", body);
  return typeof data === "string" ? `${event.slice(0, -1)},${data}}` : data;
}

/** The member that holds the data, as JSON text. */
function dataOf(type: string, body: Uint8Array): string | NoEvent {
  const isJson = /^[^;]{0,128}[/+]json\s*(?:;|$)/i.test(type);
  const isText = /^text\/|^[^;]{0,128}[/+]xml\s*(?:;|$)/i.test(type);
  const text = isJson || isText ? textOf(body) : undefined;
  if (isJson)
    return text !== undefined && isValue(text)
      ? `"data":${text}`
      : { why: `The body is not JSON, as its content type says.` };
  if (text !== undefined) return `"data":${JSON.stringify(text)}`;
  return `"data_base64":${JSON.stringify(Buffer.from(body).toString("base64"))}`;
}

function textOf(body: Uint8Array): string | undefined {
  try {
    return utf8.decode(body);
  } catch {
    return undefined;
  }
}

function isValue(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A header's value as the attribute it stands for: quotes read, then one round of percent-decoding. */
function attributeValue(written: string): string | undefined {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(written)?.[1];
  const text = quoted === undefined ? written : quoted.replaceAll(/\\(.)/g, "$1");
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
