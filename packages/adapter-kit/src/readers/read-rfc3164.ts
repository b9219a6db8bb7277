import type { Syslog } from "./read-syslog.ts";

const priorityOf = /^<(\d{1,3})>/;
const bsdTime = /^[A-Z][a-z]{2} {1,2}\d{1,2}(?: \d{4})? \d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?=:? |$)/;
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?(?= |$)/;
/** What stands where a host should and is none: a payload, or a tag. */
const noHost = /^(?:CEF:|LEEF:|[{<["]|[^\s:[]{1,256}(?:\[[^\]\s]{0,128}\])?:(?: |$))/;
const tag = /^([\w./@-]{1,128})(?:\[([^\]\s]{1,128})\])?: ?/;
const bareTag = /^([\w./@-]{1,128})\[([^\]\s]{1,128})\] /;
const isPayload = /^(?:CEF|LEEF): ?\d/;

/**
 * RFC 3164 as it is found: priority, time, host and tag each may be missing, but not both priority and time; the time may
 * have a year or a fraction, or be ISO 8601. Undefined for anything else.
 */
export function readRfc3164(text: string): Syslog | undefined {
  const priority = priorityOf.exec(text);
  if (priority !== null && Number(priority[1]) > 191) return undefined;
  let left = text.slice(priority?.[0].length ?? 0);
  const time = (bsdTime.exec(left) ?? isoTime.exec(left))?.[0];
  if (priority === null && time === undefined) return undefined;
  let host: string | undefined;
  if (time !== undefined) {
    left = left.slice(time.length).replace(/^:? /, "");
    if (!noHost.test(left)) {
      host = /^\S{1,1024}/.exec(left)?.[0];
      left = left.slice(host?.length ?? 0).replace(/^ /, "");
    }
  }
  const tagged = isPayload.test(left) ? null : (tag.exec(left) ?? bareTag.exec(left));
  if (tagged !== null) left = left.slice(tagged[0].length);
  return {
    form: "rfc3164",
    facility: priority === null ? undefined : Math.floor(Number(priority[1]) / 8),
    severity: priority === null ? undefined : Number(priority[1]) % 8,
    time,
    host: host === "-" ? undefined : host,
    app: tagged?.[1],
    procId: tagged?.[2],
    msgId: undefined,
    structuredData: [],
    message: left.startsWith("\ufeff") ? left.slice(1) : left,
  };
}
