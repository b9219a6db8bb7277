import { utcSeconds } from "@tributary/adapter-kit";
import type { Taking } from "@tributary/adapter-kit";

/**
 * eventTime in whole seconds. The vendor writes `2022-07-12T10:55:00`, which is UTC. A text that says more or less than the
 * event does (a fraction, no zone, an offset) stays in the rest. Throws `TIME_UNREADABLE`.
 */
export function eventTime(written: unknown, take: Taking): string {
  const time = utcSeconds(written);
  if (time === written) take.text("eventTime");
  return time;
}
