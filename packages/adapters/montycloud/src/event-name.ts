import { Refused } from "@tributary/adapter-kit";
import type { Taking } from "@tributary/adapter-kit";

/** Members that may say what was done, in the order they are asked; eventData's own name comes first. */
export const nameMembers = ["eventName", "action", "event", "type"] as const;

/** The first of {@link nameMembers} that is a text. Throws `RECORD_NOT_RECOGNISED` where none is. */
export function eventName(take: Taking): string {
  for (const member of nameMembers) {
    const name = take.text(member);
    if (name !== undefined) return name;
  }
  throw new Refused("RECORD_NOT_RECOGNISED", `The record says in none of ${nameMembers.join(", ")} what was done.`);
}
