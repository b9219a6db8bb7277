import { rest } from "@tributary/adapter-kit";
import type { JsonObject, Taking } from "@tributary/adapter-kit";

/** What requestParameters hold. */
const limit = 100_000;

/**
 * An entry's `actionParameters`, taken. Over 100 kB the `selection`, which only says what the answer was to hold, makes
 * room for the input: it is the overflow.
 */
export function parameters(take: Taking): {
  readonly kept?: JsonObject | undefined;
  readonly overflow?: JsonObject | undefined;
} {
  const all = take.object("actionParameters");
  const selection = all?.["selection"];
  if (all === undefined || selection === undefined) return { kept: all };
  if (new TextEncoder().encode(JSON.stringify(all)).length <= limit) return { kept: all };
  return { kept: rest(all, ["/selection"]), overflow: { selection } };
}
