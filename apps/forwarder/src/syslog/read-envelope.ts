import type { Origin } from "@tributary/adapter-kit";
import { headerOf, readSyslog } from "@tributary/adapter-kit/readers";

/** What stands around a syslog payload. */
export interface Envelope {
  /** Time, host and application, each where it is there; undefined for a message without any. */
  readonly header: Origin["header"];
  /** Where the payload begins, in bytes; 0 for a message without a syslog header. */
  readonly payload: number;
}

/** So much of a message is looked at: a header is shorter. */
const mostHeader = 16_384;
const isMark = (bytes: Uint8Array, at: number) =>
  bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;

/** Reads the header of a syslog message of RFC 5424 or RFC 3164. Never throws: what has none is a payload, all of it. */
export function readEnvelope(bytes: Uint8Array): Envelope {
  // Byte for byte, so that the payload's place is that of its bytes; what the header holds is read as UTF-8 after that.
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, mostHeader));
  try {
    const read = readSyslog(buffer.toString("latin1"));
    let payload = buffer.length - read.message.length;
    if (isMark(bytes, payload)) payload += 3;
    return { header: asUtf8(headerOf(read)), payload: afterCookie(bytes, payload) };
  } catch {
    return { header: undefined, payload: 0 };
  }
}

const text = (field: string) => Buffer.from(field, "latin1").toString("utf8");

function asUtf8(header: Origin["header"]): Origin["header"] {
  if (header === undefined) return undefined;
  const { time, host, app } = header;
  return {
    ...(time !== undefined && { time: text(time) }),
    ...(host !== undefined && { host: text(host) }),
    ...(app !== undefined && { app: text(app) }),
  };
}

/** `@cee:` says that JSON follows, and is none of it. */
function afterCookie(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20) at++;
  for (const char of "@cee:") if (bytes[at++] !== char.charCodeAt(0)) return from;
  while (bytes[at] === 0x20) at++;
  return at;
}
