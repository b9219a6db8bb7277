import type { TimeOptions } from "../mapping/utc-seconds.ts";
import { readCefTime } from "./read-cef-time.ts";
import type { Leef } from "./read-leef.ts";
import { readSimpleDate } from "./read-simple-date.ts";

/**
 * `devTime` of a LEEF event as eventTime: by `devTimeFormat` (a pattern of Java's SimpleDateFormat) where there is one,
 * else epoch milliseconds, `MMM dd yyyy HH:mm:ss[.SSS][ zzz]`, or ISO 8601. Undefined where there is no readable one.
 */
export function readLeefTime(leef: Leef, options: TimeOptions = {}): string | undefined {
  const valueOf = (name: string) => leef.attributes.find(({ key }) => key === name)?.value.trim();
  const time = valueOf("devTime");
  if (time === undefined || time === "") return undefined;
  const pattern = valueOf("devTimeFormat") ?? "";
  return (pattern === "" ? undefined : readSimpleDate(time, pattern, options)) ?? readCefTime(time, options);
}
