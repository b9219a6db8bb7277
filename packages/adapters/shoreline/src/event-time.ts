import { utcSeconds, valueAt } from "@tributary/adapter-kit";
import type { Taking } from "@tributary/adapter-kit";

/**
 * The time of a record in whole seconds, in the zone given where it names none. A text that says more or less than that stays
 * in the rest. Throws `TIME_UNREADABLE`.
 */
export function eventTime(record: unknown, take: Taking, member: string, zone?: string): string {
  const written = valueAt(record, member);
  const time = utcSeconds(written, { zone });
  if (time === written) take.text(member);
  return time;
}
