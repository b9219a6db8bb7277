/** Offsets of the zones that RFC 822 names, and of Europe's and Japan's, in minutes. Other abbreviations have several meanings. */
const named: ReadonlyMap<string, number> = new Map([
  ["EST", -300],
  ["EDT", -240],
  ["CST", -360],
  ["CDT", -300],
  ["MST", -420],
  ["MDT", -360],
  ["PST", -480],
  ["PDT", -420],
  ["WET", 0],
  ["WEST", 60],
  ["CET", 60],
  ["CEST", 120],
  ["EET", 120],
  ["EEST", 180],
  ["JST", 540],
]);

const utc = /^(?:Z|z|UTC|GMT|UT)$/;
const offset = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?$/;
/** With a slash: the database also has names such as `IST`, which elsewhere mean another zone. */
const place = /^[A-Za-z]{2,20}\/[A-Za-z0-9/_+-]{1,40}$/;

/**
 * The offset, such as `+02:00`, that a zone has at a local time: of `Z`, `UTC`, `+0200`, `GMT+2`, an abbreviation with one
 * meaning, or a place of the IANA time zone database (`Europe/Berlin`). A local time that comes twice, when clocks are set
 * back, is the first of the two; one that is left out is read as before the change. Undefined for no known zone.
 * @param local `yyyy-MM-ddTHH:mm:ss`
 */
export function zoneOffset(zone: string, local: string): string | undefined {
  if (utc.test(zone)) return "Z";
  const [, sign, hours, minutes = "00"] = offset.exec(zone) ?? [];
  if (hours !== undefined)
    return Number(hours) <= 23 && Number(minutes) <= 59 ? `${sign}${hours.padStart(2, "0")}:${minutes}` : undefined;
  const fixed = named.get(zone);
  if (fixed !== undefined) return written(fixed);
  const wall = Date.parse(`${local}Z`);
  const clock = Number.isNaN(wall) || !place.test(zone) ? undefined : clockOf(zone);
  if (clock === undefined) return undefined;
  const day = 86_400_000;
  const before = minutesAt(clock, wall - day);
  const after = minutesAt(clock, wall + day);
  if (before === after) return written(before);
  const isBefore = minutesAt(clock, wall - before * 60_000) === before;
  return written(isBefore || minutesAt(clock, wall - after * 60_000) !== after ? before : after);
}

const clocks = new Map<string, Intl.DateTimeFormat | undefined>();

function clockOf(zone: string): Intl.DateTimeFormat | undefined {
  if (clocks.has(zone)) return clocks.get(zone);
  let clock: Intl.DateTimeFormat | undefined;
  try {
    clock = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    clock = undefined;
  }
  // A source has one zone or a few; names made up to fill the memory are forgotten.
  if (clocks.size < 256) clocks.set(zone, clock);
  return clock;
}

/** Minutes by which the clock is ahead of UTC at an instant. */
function minutesAt(clock: Intl.DateTimeFormat, instant: number): number {
  const shown: { [part: string]: number } = {};
  for (const { type, value } of clock.formatToParts(instant)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  return Math.round(
    (Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000) / 60_000,
  );
}

function written(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
}
