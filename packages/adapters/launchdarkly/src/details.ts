import { rest } from "@tributary/adapter-kit";
import type { JsonObject, Taking } from "@tributary/adapter-kit";

/**
 * The `details` of an integration's context, taken: the plain text is what LaunchDarkly's CloudTrail integration sends by
 * that name, the same in Markdown and HTML stands beside it.
 */
export function details(take: Taking): {
  readonly plain?: string | undefined;
  readonly markup?: JsonObject | undefined;
} {
  const plain = take.text("details", "plainText");
  const all = take.object("details");
  if (all === undefined || plain === undefined) return { markup: all };
  return { plain, markup: rest(all, ["/plainText"]) };
}
