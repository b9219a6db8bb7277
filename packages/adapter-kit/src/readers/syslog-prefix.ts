import { readSyslog } from "./read-syslog.ts";
import type { Syslog } from "./read-syslog.ts";

/** The syslog header that stands before a CEF or LEEF text; undefined for none, or for text that is none. */
export function syslogPrefix(prefix: string): Syslog | undefined {
  if (prefix.trim() === "") return undefined;
  try {
    return readSyslog(prefix);
  } catch {
    return undefined;
  }
}
