import { usageError } from "./usage-error.ts";

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time of the command line as ms since 1970: RFC 3339, a date, or so long ago (`90s`, `30m`, `24h`, `7d`). Throws USAGE. */
export function timeOption(name: string, text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const ago = /^(\d{1,6})([smhd])$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * units[ago[2]!]!;
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const time = isTime ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw usageError(
      `--${name} takes a time with its zone (2026-01-31T12:00:00Z), a date (of UTC), or how long ago (30m, 24h, 7d), not ${text}.`,
    );
  return time;
}
