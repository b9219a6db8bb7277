import { numberAt, type SqlFunctions, strictly, textAt } from "./arguments.ts";
import { readTime } from "./read-time.ts";
import { RunError, StatementError, Time, type Value } from "./value.ts";

const units: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

function timeAt(args: readonly Value[], at: number): number {
  const found = args[at];
  if (found instanceof Time) return found.ms;
  throw new StatementError("a time is expected");
}

const unitAt = (args: readonly Value[]): number => units[textAt(args, 0).toLowerCase()] ?? fail(textAt(args, 0));
const pad = (number: number): string => String(number).padStart(2, "0");
const dayMs = 86_400_000;
/** 1970 began on a Thursday: the Monday before a time, at midnight. */
const mondayBefore = (ms: number): number => Math.floor((ms / dayMs + 3) / 7) * 7 * dayMs - 3 * dayMs;

function fail(unit: string): never {
  throw new StatementError(`'${unit}' is no unit of time`);
}

function months(ms: number, count: number): number {
  const from = new Date(ms);
  const last = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + count + 1, 0)).getUTCDate();
  const to = new Date(ms);
  to.setUTCDate(1);
  to.setUTCMonth(from.getUTCMonth() + count, Math.min(from.getUTCDate(), last));
  return to.getTime();
}

function truncated(unit: string, ms: number): number {
  const date = new Date(ms);
  if (unit === "year") return Date.UTC(date.getUTCFullYear(), 0);
  if (unit === "month") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  if (unit === "week") return mondayBefore(ms);
  return Math.floor(ms / (units[unit] ?? fail(unit))) * units[unit]!;
}

/** Whole months between two times. */
function monthsBetween(from: number, to: number): number {
  if (to < from) return -monthsBetween(to, from);
  let count = 0;
  while (months(from, count + 1) <= to) count++;
  return count;
}

/** Functions of times, all in UTC. */
export const timeFunctions: SqlFunctions = strictly({
  date_trunc: (args) => new Time(truncated(textAt(args, 0).toLowerCase(), timeAt(args, 1))),
  /** Whole units that have passed. */
  date_diff: (args) => {
    const [from, to] = [timeAt(args, 1), timeAt(args, 2)];
    if (textAt(args, 0) === "month") return BigInt(monthsBetween(from, to));
    return BigInt(Math.trunc((to - from) / unitAt(args)));
  },
  date_add: (args) => {
    const [count, ms] = [numberAt(args, 1), timeAt(args, 2)];
    return new Time(textAt(args, 0) === "month" ? months(ms, count) : ms + count * unitAt(args));
  },
  year: (args) => BigInt(new Date(timeAt(args, 0)).getUTCFullYear()),
  month: (args) => BigInt(new Date(timeAt(args, 0)).getUTCMonth() + 1),
  day: (args) => BigInt(new Date(timeAt(args, 0)).getUTCDate()),
  hour: (args) => BigInt(new Date(timeAt(args, 0)).getUTCHours()),
  minute: (args) => BigInt(new Date(timeAt(args, 0)).getUTCMinutes()),
  /** 1 is Monday, 7 Sunday. */
  day_of_week: (args) => BigInt(new Date(timeAt(args, 0)).getUTCDay() || 7),
  /** The year that the week's Thursday lies in. */
  year_of_week: (args) => BigInt(new Date(mondayBefore(timeAt(args, 0)) + 3 * dayMs).getUTCFullYear()),
  week: (args) => {
    const thursday = mondayBefore(timeAt(args, 0)) + 3 * dayMs;
    return BigInt(Math.floor((thursday - Date.UTC(new Date(thursday).getUTCFullYear(), 0)) / (7 * dayMs)) + 1);
  },
  to_unixtime: (args) => timeAt(args, 0) / 1000,
  from_unixtime: (args) => new Time(numberAt(args, 0) * 1000),
  from_iso8601_timestamp: (args) => {
    const ms = readTime(textAt(args, 0));
    if (ms === undefined) throw new RunError(`'${textAt(args, 0)}' is no time of ISO 8601`);
    return new Time(ms);
  },
  date_format: (args) => {
    const date = new Date(timeAt(args, 0));
    const parts: Readonly<Record<string, string>> = {
      Y: String(date.getUTCFullYear()),
      m: pad(date.getUTCMonth() + 1),
      d: pad(date.getUTCDate()),
      H: pad(date.getUTCHours()),
      i: pad(date.getUTCMinutes()),
      s: pad(date.getUTCSeconds()),
    };
    return textAt(args, 1).replaceAll(/%(.)/g, (_, letter: string) => parts[letter] ?? letter);
  },
});
