/** A moment of eventData.eventTime. */
export interface EventTime {
  /** Whole seconds since 1970, rounded down. */
  readonly seconds: number;
  /** Milliseconds since 1970; digits beyond the third of the fraction are cut. */
  readonly millis: number;
}

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads `YYYY-MM-DDTHH:MM:SS` with an optional fraction of 1 to 9 digits and an optional `Z`, always as UTC. Answers
 * undefined for anything else: numeric offsets, days the calendar lacks, second 60. Spec 1.7.
 */
export function parseEventTime(text: string): EventTime | undefined {
  if (text.length < 19 || text.length > 30) return undefined;
  if (text[4] !== "-" || text[7] !== "-" || text[10] !== "T" || text[13] !== ":" || text[16] !== ":") return undefined;
  const year = number(text, 0, 4);
  const month = number(text, 5, 7);
  const day = number(text, 8, 10);
  const hour = number(text, 11, 13);
  const minute = number(text, 14, 16);
  const second = number(text, 17, 19);
  // NaN fails each of these.
  if (!(year >= 0 && month >= 1 && month <= 12 && hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (!(day >= 1 && day <= daysOfMonth[month - 1]! + (leap && month === 2 ? 1 : 0))) return undefined;
  const end = text.endsWith("Z") ? text.length - 1 : text.length;
  let fraction = 0;
  if (end > 19) {
    const digits = end - 20;
    if (text[19] !== "." || digits < 1 || digits > 9) return undefined;
    if (Number.isNaN(number(text, 20, end))) return undefined;
    fraction = Math.floor(number(text, 20, Math.min(end, 23)) * 10 ** Math.max(0, 3 - digits));
  }
  const seconds = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  return { seconds, millis: seconds * 1000 + fraction };
}

function number(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Howard Hinnant's days_from_civil: Date.UTC reads years below 100 as 19xx. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}
