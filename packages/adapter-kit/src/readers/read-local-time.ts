import { readUtcSeconds } from "../mapping/utc-seconds.ts";
import type { TimeOptions } from "../mapping/utc-seconds.ts";
import { zoneOffset } from "./zone-offset.ts";

/** A local time by its parts; without a year it needs `near`. Months count from 1. */
export interface LocalTime {
  readonly year?: number | undefined;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** What the text itself says: wins over the option. */
  readonly zone?: string | undefined;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number) => String(value).padStart(2, "0");

/** A local time as eventTime; undefined for a day, a clock or a zone that there is not. `options.zone` may name a place. */
export function readLocalTime(local: LocalTime, options: TimeOptions): string | undefined {
  const clock = `${two(local.hour)}:${two(local.minute)}:${two(local.second)}`;
  const year = local.year ?? yearOf(local, clock, options);
  if (year === undefined) return undefined;
  const wall = `${String(year).padStart(4, "0")}-${two(local.month)}-${two(local.day)}T${clock}`;
  // A leap second has the offset of the second before.
  const offset = zoneOffset(local.zone ?? options.zone ?? "Z", wall.replace(/60$/, "59"));
  return offset === undefined ? undefined : readUtcSeconds(wall + offset);
}

/** The year of a time without one: of the latest such time that is no more than a day after `near`. */
function yearOf(local: LocalTime, clock: string, options: TimeOptions): number | undefined {
  const month = months[local.month - 1];
  const read = readUtcSeconds(`${month} ${two(local.day)} ${clock}`, { near: options.near });
  return read === undefined ? undefined : Number(read.slice(0, 4));
}
