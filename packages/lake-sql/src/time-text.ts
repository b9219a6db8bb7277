const shape =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads a date or time as people write it in Lake queries: `2023-01-22`, `2023-01-22 00:00:00[.000]`, ISO 8601 with `T` and
 * `Z` or an offset. UTC where no zone is given. Answers microseconds since 1970; undefined when it is none of these.
 */
export function parseTime(text: string): bigint | undefined {
  const match = shape.exec(text.trim());
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)] as const;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  // Date.UTC reads the years 0 to 99 as those of the last century.
  const back = new Date(Date.UTC(2000, month - 1, day, hour, minute, second));
  back.setUTCFullYear(year, month - 1, day);
  const local = back.getTime();
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || back.getUTCFullYear() !== year) return undefined;
  const micros = BigInt((match[7] ?? "").padEnd(6, "0").slice(0, 6));
  const zone = /^([+-])(\d{2}):?(\d{2})$/.exec(match[8] ?? "");
  const offset = zone === null ? 0 : (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3]));
  return BigInt(local - offset * 60_000) * 1000n + micros;
}

/** `2023-01-22 16:53:53.000000` in UTC. */
export function timeText(micros: bigint): string {
  const millis = micros >= 0n || micros % 1000n === 0n ? micros / 1000n : micros / 1000n - 1n;
  const iso = new Date(Number(millis)).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}.${iso.slice(20, 23)}${String(micros - millis * 1000n).padStart(3, "0")}`;
}
