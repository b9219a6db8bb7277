import { parseEventTime } from "@tributary/schema";
import { Refused } from "../refused.ts";

/** How to read a time that does not say everything. */
export interface TimeOptions {
  /** The zone of times without one: `Z` (default) or an offset such as `+02:00`. */
  readonly zone?: string | undefined;
  /** An RFC 3339 time near the record's, for times without a year: `origin.receivedAt`. Without it they are not readable. */
  readonly near?: string | undefined;
}

/**
 * A vendor's time as eventTime wants it: `yyyy-MM-ddTHH:mm:ssZ`, UTC, the fraction cut off, never rounded. Reads ISO 8601
 * with or without fraction and offset, with a blank for the T and with ` UTC` or ` +0000` at the end; epoch seconds, milli-,
 * micro- or nanoseconds as numbers or text, also with a fraction; RFC 3164 `Apr 07 09:51:42` (with `near`).
 * Throws {@link Refused} `TIME_UNREADABLE` for anything else. The original text belongs in the rest of the record.
 */
export function utcSeconds(value: unknown, options: TimeOptions = {}): string {
  const read = readUtcSeconds(value, options);
  if (read !== undefined) return read;
  const what = value === undefined || value === null ? "is absent" : `is not a time that can be read (${typeof value})`;
  throw new Refused("TIME_UNREADABLE", `The record's time ${what}; eventTime is required.`, "/eventTime");
}

/** {@link utcSeconds} for fallback chains: undefined where no time can be read. */
export function readUtcSeconds(value: unknown, options: TimeOptions = {}): string | undefined {
  if (typeof value === "string" && value.endsWith("Z")) {
    // The commonest form is the answer's own, fraction aside.
    const seconds = parseEventTime(value)?.seconds;
    if (seconds !== undefined && seconds >= 0 && seconds < 2 ** 32) return `${value.slice(0, 19)}Z`;
  }
  const seconds =
    typeof value === "number" ? epoch(value) : typeof value === "string" ? readText(value.trim(), options) : undefined;
  // 2^32 is what an eventID can carry: early 2106.
  if (seconds === undefined || !(seconds >= 0 && seconds < 2 ** 32)) return undefined;
  return written(Math.floor(seconds));
}

const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, "0"));

/** Seconds since 1970 of years with four digits. */
function written(seconds: number): string {
  const day = new Date(seconds * 1000);
  const clock = seconds % 86_400;
  return `${day.getUTCFullYear()}-${twoDigits[day.getUTCMonth() + 1]}-${twoDigits[day.getUTCDate()]}T${twoDigits[Math.floor(clock / 3600)]}:${twoDigits[Math.floor(clock / 60) % 60]}:${twoDigits[clock % 60]}Z`;
}

/** Seconds since 1970 of a count whose unit its size tells: 1e11 seconds are the year 5138, 1e11 milliseconds 1973. */
function epoch(count: number): number | undefined {
  if (!Number.isFinite(count) || count < 0) return undefined;
  const thousands = count < 1e11 ? 0 : count < 1e14 ? 1 : count < 1e17 ? 2 : 3;
  return Math.floor(count / 1000 ** thousands);
}

const iso =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,]\d{1,12})? ?(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?(?: UTC)?$/;
const rfc3164 = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)$/;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function readText(value: string, options: TimeOptions): number | undefined {
  if (value.length > 64) return undefined;
  if (/^\d{1,20}(?:\.\d{1,12})?$/.test(value)) return epoch(Number(value));
  const zone = options.zone ?? "Z";
  const full = iso.exec(value);
  if (full) {
    const [, year, month, day, hour, minute, second, offset] = full;
    return utc(
      Number(year),
      Number(month),
      Number(day),
      [Number(hour), Number(minute), Number(second)],
      offset ?? zone,
    );
  }
  const short = rfc3164.exec(value);
  return short ? nearest(short, zone, options.near) : undefined;
}

/** The year of a time without one: the latest that puts it no more than a day after `near`. */
function nearest(parts: RegExpExecArray, zone: string, near: string | undefined): number | undefined {
  const reference = near === undefined ? Number.NaN : Date.parse(near) / 1000;
  const month = months.indexOf(parts[1] ?? "") + 1;
  if (month === 0 || Number.isNaN(reference)) return undefined;
  const clock = [Number(parts[3]), Number(parts[4]), Number(parts[5])] as const;
  const year = new Date(reference * 1000).getUTCFullYear();
  // 29 February may lie up to eight years back.
  for (let candidate = year + 1; candidate > year - 9; candidate -= 1) {
    const seconds = utc(candidate, month, Number(parts[2]), clock, zone);
    if (seconds !== undefined && seconds <= reference + 86_400) return seconds;
  }
  return undefined;
}

function utc(
  year: number,
  month: number,
  day: number,
  clock: readonly [number, number, number],
  zone: string,
): number | undefined {
  const [hour, minute, second] = clock;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || date.getUTCFullYear() !== year) return undefined;
  const offset = offsetSeconds(zone);
  return offset === undefined ? undefined : date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset;
}

function offsetSeconds(zone: string): number | undefined {
  if (/^(?:Z|z|UTC|GMT)$/.test(zone)) return 0;
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (!match || Number(match[2]) > 23 || Number(match[3] ?? 0) > 59) return undefined;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60);
}
