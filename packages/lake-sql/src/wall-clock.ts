import { literal } from "./sql-text.ts";
import type { Emitted } from "./scope.ts";
import { letIn } from "./functions/function-row.ts";

/** An offset such as `+05:30` in minutes; undefined for the name of a zone. */
export function offsetMinutes(zone: string): number | undefined {
  const match = /^([+-])(\d{1,2}):?(\d{2})$/.exec(zone);
  if (match === null || Number(match[2]) > 14 || Number(match[3]) > 59) return undefined;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

/** Whether a text is an offset or names a zone, in any case. */
export function isZone(zone: string): boolean {
  if (offsetMinutes(zone) !== undefined) return true;
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** The zone of an instant whose clock is not UTC's. */
const zoneOf = ({ type }: Emitted): string | undefined => (type.kind === "timestamptz" ? type.zone : undefined);

/** What a clock in the value's own zone shows, a TIMESTAMP; the value itself where it has no zone of its own. */
export function wallClock(of: Emitted): string {
  const zone = zoneOf(of);
  if (zone === undefined) return of.sql;
  const minutes = offsetMinutes(zone);
  if (minutes === undefined) return `timezone(${literal(zone)}, ${of.sql})`;
  return `(CAST(${of.sql} AS TIMESTAMP) + to_minutes(${minutes}))`;
}

/** The instant at which a clock in a zone shows a TIMESTAMP. */
export function instantAt(wall: string, zone: string): string {
  const minutes = offsetMinutes(zone);
  if (minutes === undefined) return `timezone(${literal(zone)}, CAST(${wall} AS TIMESTAMP))`;
  return `CAST((CAST(${wall} AS TIMESTAMP) - to_minutes(${minutes})) AS TIMESTAMPTZ)`;
}

/** A calculation on what the clock shows, as a value of the same type: of the instant where it has a zone. */
export function onWallClock(of: Emitted, calculate: (wall: string) => string): Emitted {
  const zone = zoneOf(of);
  const sql = calculate(wallClock(of));
  return { sql: zone === undefined ? sql : instantAt(sql, zone), type: of.type };
}

/** The offset of an instant's zone from UTC in minutes. */
export function zoneMinutes(of: Emitted): string {
  const zone = zoneOf(of);
  if (zone === undefined) return "CAST(0 AS BIGINT)";
  const minutes = offsetMinutes(zone);
  if (minutes !== undefined) return `CAST(${minutes} AS BIGINT)`;
  return letIn([of.sql], (at) => `date_diff('minute', CAST(${at} AS TIMESTAMP), timezone(${literal(zone)}, ${at}))`);
}

/** `+05:30`, with `by` between hours and minutes. */
export const offsetText = (of: Emitted, by: string): string =>
  letIn(
    [zoneMinutes(of)],
    (minutes) =>
      `CASE WHEN ${minutes} < 0 THEN '-' ELSE '+' END || lpad(CAST(abs(${minutes}) // 60 AS VARCHAR), 2, '0') || ${literal(by)} || lpad(CAST(abs(${minutes}) % 60 AS VARCHAR), 2, '0')`,
  );

/** A part of a date, a time or an interval by the engine's name. */
export function datePart(name: string, of: Emitted): string {
  if (of.type.kind !== "interval") return `${name}(${wallClock(of)})`;
  const [size, most] = intervalParts[name] ?? [1, undefined];
  const whole = `CAST(trunc(epoch_us(${of.sql}) / ${size}) AS BIGINT)`;
  return most === undefined ? whole : `(${whole} % ${most})`;
}

/** An interval's parts in microseconds, and how many of it the next bigger one has. */
const intervalParts: Readonly<Record<string, readonly [size: number, most: number | undefined]>> = {
  day: [86_400_000_000, undefined],
  hour: [3_600_000_000, 24],
  minute: [60_000_000, 60],
  second: [1_000_000, 60],
};
