import { readUtcSeconds, Refused, valueAt } from "@tributary/adapter-kit";
import type { Taking } from "@tributary/adapter-kit";

/** Members that may say when, in the order they are asked; eventData's own name comes first. */
export const timeMembers = ["eventTime", "time", "timestamp", "@timestamp", "ts", "published", "created_at"] as const;

/**
 * The first of {@link timeMembers} that can be read, in whole seconds; UTC where it names no zone. A text that says more or
 * less than the event does stays in the rest. Throws `TIME_MISSING` where none can be read.
 */
export function eventTime(record: unknown, take: Taking): string {
  for (const member of timeMembers) {
    const written = valueAt(record, member);
    const time = readUtcSeconds(written);
    if (time === undefined) continue;
    if (time === written) take.text(member);
    return time;
  }
  throw new Refused("TIME_MISSING", `The record has no time that can be read in any of ${timeMembers.join(", ")}.`);
}
