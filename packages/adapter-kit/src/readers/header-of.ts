import type { Origin } from "../contract/origin.ts";
import type { Syslog } from "./read-syslog.ts";

/** What `Format.parse` hands on as `header`: time, host and application of a syslog header, each where it is there. */
export function headerOf(syslog: Syslog | undefined): Origin["header"] {
  if (syslog === undefined) return undefined;
  const { time, host, app } = syslog;
  if (time === undefined && host === undefined && app === undefined) return undefined;
  return {
    ...(time === undefined ? {} : { time }),
    ...(host === undefined ? {} : { host }),
    ...(app === undefined ? {} : { app }),
  };
}
