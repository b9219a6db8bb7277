import type { LetterFilter } from "../state/letter-filter.ts";
import { timeOption } from "./time-option.ts";
import { usageError } from "./usage-error.ts";

/** The options by which a command line says which dead letters it means. */
export const letterArguments = {
  integration: { type: "string" },
  destination: { type: "string" },
  "channel-arn": { type: "string" },
  reason: { type: "string" },
  since: { type: "string" },
  until: { type: "string" },
  id: { type: "string", multiple: true },
} as const;

export const letterHelp = `  --integration NAME  of this integration of tributary run
  --destination NAME  for this one of its destinations
  --channel-arn ARN   for this channel
  --reason CODE       that died of this, for instance NOT_JSON
  --since T           that died since then: 2026-01-31T12:00:00Z, a date (UTC), or how long ago: 30m, 24h, 7d
  --until T           that died before then
  --id ID             this one; may be repeated`;

interface Values {
  readonly integration?: string | undefined;
  readonly destination?: string | undefined;
  readonly "channel-arn"?: string | undefined;
  readonly reason?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly id?: readonly string[] | undefined;
}

/** More in one command make too long a statement. */
const mostIds = 500;

/** Throws USAGE. @param ids given without `--id` */
export function letterOptions(values: Values, ids: readonly string[], now: number): LetterFilter {
  const all = [...(values.id ?? []), ...ids];
  for (const id of all) if (!/^\d{1,15}$/.test(id)) throw usageError(`${id} is no ID of dlq ls.`);
  if (all.length > mostIds) throw usageError(`It takes ${mostIds} IDs at once.`);
  return {
    integration: values.integration,
    destination: values.destination,
    channelArn: values["channel-arn"],
    reason: values.reason,
    since: timeOption("since", values.since, now),
    until: timeOption("until", values.until, now),
    ids: all.length === 0 ? undefined : all.map(Number),
  };
}

/** Whether any letter is left out. */
export function narrows(filter: LetterFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}
