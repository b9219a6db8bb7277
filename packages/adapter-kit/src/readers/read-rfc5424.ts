import type { StructuredElement, Syslog } from "./read-syslog.ts";
import { readStructuredData } from "./read-structured-data.ts";

const strictHeader =
  /^<(0|[1-9]\d{0,2})>[1-9]\d{0,2} (-|\d{4}-[^ ]{15,27}) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) /;
const openHeader =
  /^<(\d{1,3})>[1-9]\d{0,2} (-|\d{4}-[^ ]{1,60}) (\S{1,1024}) (\S{1,1024}) (\S{1,1024}) (\S{1,1024}) (?=-|\[)/;
const shortHeader = /^<(\d{1,3})>[1-9]\d{0,2} (-|\d{4}-[^ ]{1,60}) (\S{1,1024})(?: |$)/;
const openTime = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:?\d\d)?$/;
/** A payload that stands where the application should. */
const payload = /^(?:CEF:|LEEF:|[{<])/;

/** RFC 5424, section 6, to the letter, or with the liberties that `readSyslog` names; undefined for anything else. */
export function readRfc5424(text: string, strict: boolean): Syslog | undefined {
  const match = (strict ? strictHeader : openHeader).exec(text);
  if (match === null) return undefined;
  const [all, priority = "", time = "", host = "", app = "", procId = "", msgId = ""] = match;
  if (Number(priority) > 191 || !(time === "-" || (strict ? isTime(time) : openTime.test(time)))) return undefined;
  if (!strict && payload.test(app)) return undefined;
  const data = readStructuredData(text, all.length, strict) ?? (strict ? undefined : { elements: [], end: all.length });
  if (data === undefined) return undefined;
  // A space parts structured data from the message; data that could not be read is the message's beginning.
  const follows = text.charAt(data.end);
  if (follows !== "" && follows !== " " && data.end > all.length) {
    if (strict) return undefined;
    return syslog("rfc5424", { priority, time, host, app, procId, msgId }, [], text.slice(all.length));
  }
  const message = data.end === all.length ? text.slice(data.end) : text.slice(data.end + 1);
  return syslog("rfc5424", { priority, time, host, app, procId, msgId }, data.elements, message);
}

/** A header of RFC 5424 that ends after the host, as some products write it; undefined for anything else. */
export function readShortRfc5424(text: string): Syslog | undefined {
  const match = shortHeader.exec(text);
  if (match === null) return undefined;
  const [all, priority = "", time = "", host = ""] = match;
  if (Number(priority) > 191 || !(time === "-" || openTime.test(time)) || payload.test(host)) return undefined;
  return syslog(
    "rfc5424-short",
    { priority, time, host, app: "-", procId: "-", msgId: "-" },
    [],
    text.slice(all.length),
  );
}

const given = (value: string) => (value === "-" ? undefined : value);

function syslog(
  form: Syslog["form"],
  header: { readonly [Field in "priority" | "time" | "host" | "app" | "procId" | "msgId"]: string },
  structuredData: readonly StructuredElement[],
  message: string,
): Syslog {
  return {
    form,
    facility: Math.floor(Number(header.priority) / 8),
    severity: Number(header.priority) % 8,
    time: given(header.time),
    host: given(header.host),
    app: given(header.app),
    procId: given(header.procId),
    msgId: given(header.msgId),
    structuredData,
    message: message.startsWith("\ufeff") ? message.slice(1) : message,
  };
}

/** A TIMESTAMP of RFC 5424: six digits of fraction at most, no leap second, a day that there is. */
function isTime(value: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,6})?(?:Z|[+-](\d\d):(\d\d))$/.exec(value);
  if (match === null) return false;
  const [year, month, day, hour, minute, second, zoneHour = 0, zoneMinute = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year!, month! - 1, day);
  return (
    date.getUTCMonth() === month! - 1 &&
    date.getUTCDate() === day &&
    hour! <= 23 &&
    minute! <= 59 &&
    second! <= 59 &&
    zoneHour <= 23 &&
    zoneMinute <= 59
  );
}
