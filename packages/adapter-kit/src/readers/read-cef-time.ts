import { readUtcSeconds } from "../mapping/utc-seconds.ts";
import type { TimeOptions } from "../mapping/utc-seconds.ts";
import { readLocalTime } from "./read-local-time.ts";

const named =
  /^([A-Za-z]{3})[a-z]{0,6}\.? {1,2}(\d{1,2}),?(?: (\d{4}))? (\d{1,2}):(\d\d):(\d\d)(?:[.,]\d{1,9})?(?: ([A-Za-z][A-Za-z0-9:/_+-]{0,40}|[+-]\d\d:?\d\d))?$/;
const isoWithoutZone = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,]\d{1,12})?$/;
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * A time of CEF (`rt`, `start`, `end`, deviceCustomDateN) or of a syslog header as eventTime: epoch milliseconds (or of
 * another unit, by its size), `MMM dd yyyy HH:mm:ss[.SSS][ zzz]`, the same without the year, ISO 8601. Undefined for
 * anything else, so that it stands in fallback chains.
 * @param options `zone` of times without one, also a place such as `Europe/Berlin`; `near` for times without a year
 */
export function readCefTime(value: unknown, options: TimeOptions = {}): string | undefined {
  if (typeof value !== "string") return readUtcSeconds(value, options);
  const text = value.trim();
  if (text.length > 96) return undefined;
  const date = named.exec(text);
  if (date !== null) {
    const month = months.indexOf(date[1]!.toLowerCase()) + 1;
    const year = date[3] === undefined ? undefined : Number(date[3]);
    const [, , day, , hour, minute, second] = date.map(Number);
    const clock = { hour: hour!, minute: minute!, second: second! };
    return month === 0 ? undefined : readLocalTime({ year, month, day: day!, ...clock, zone: date[7] }, options);
  }
  const iso = isoWithoutZone.exec(text);
  if (iso === null) return readUtcSeconds(text);
  const [, year, month, day, hour, minute, second] = iso.map(Number);
  return readLocalTime(
    { year: year!, month: month!, day: day!, hour: hour!, minute: minute!, second: second! },
    options,
  );
}
