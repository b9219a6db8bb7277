import { parseChannelPolicy } from "@tributary/policy";

/** The external id that a channel's policy asks for; undefined where it asks for none, for several or by a pattern. */
export function externalIdOf(policy: string, channelArn: string): string | undefined {
  try {
    const conditions = parseChannelPolicy(policy, channelArn)
      .statements.filter(({ effect }) => effect === "Allow")
      .flatMap((statement) => statement.conditions)
      .filter(({ key }) => key === "cloudtrail:externalid");
    const ids = new Set(conditions.flatMap(({ name, values }) => (name === "StringEquals" ? values : [...values, ""])));
    const [only] = ids;
    return ids.size === 1 ? only : undefined;
  } catch {
    return undefined;
  }
}
