import { type CommandValues, UsageError } from "./command.ts";

/** The value of an option that is a number from `least` to `most`, 1 or more; undefined when it was not given. Throws `USAGE`. */
export function wholeNumber(
  values: CommandValues,
  name:
    | "access-log-bytes"
    | "access-log-days"
    | "channels"
    | "channels-per-source"
    | "concurrent-queries"
    | "event-data-stores"
    | "event-time-ahead"
    | "max-result-bytes"
    | "put-rate"
    | "removed-grace"
    | "tags-per-resource"
    | "workers",
  most: number,
  least = 1,
): number | undefined {
  const given = values[name];
  if (given === undefined) return undefined;
  if (!/^[1-9]\d{0,15}$/.test(given) || Number(given) > most || Number(given) < least)
    throw new UsageError(`--${name} must be a number from ${least} to ${most}.`);
  return Number(given);
}
