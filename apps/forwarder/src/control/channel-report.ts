import { parseChannelPolicy, PolicyInvalid } from "@tributary/policy";
import { TributaryError } from "@tributary/schema";
import type { Channel, ControlPlane, Named, Tags } from "./control-plane.ts";
import { ControlError } from "./control-error.ts";
import { setTag } from "./declared-schema.ts";
import { externalIdOf } from "./external-id-of.ts";

/** What was found, or why it was not: nothing of a channel is hidden because a part of it is denied. */
export type Looked<T> = { readonly value: T } | { readonly unknown: string };

/** Everything that the API tells of a channel. */
export interface ChannelReport extends Named {
  readonly channel: Looked<Channel>;
  /** The text; undefined where it has none. */
  readonly policy: Looked<string | undefined>;
  readonly tags: Looked<Tags>;
}

/** Looks at channels, a few at a time. Throws what is neither a refusal nor a missing right, such as no answer at all. */
export async function channelReports(
  channels: readonly Named[],
  control: ControlPlane,
): Promise<readonly ChannelReport[]> {
  const tags = await looked(control.tags(channels.map(({ arn }) => arn)));
  const reports: ChannelReport[] = [];
  const atOnce = 4;
  for (let at = 0; at < channels.length; at += atOnce)
    reports.push(
      ...(await Promise.all(
        channels.slice(at, at + atOnce).map(async (one): Promise<ChannelReport> => {
          const [channel, policy] = await Promise.all([
            looked(control.getChannel(one.arn).then((found) => found ?? missing(one.arn))),
            looked(control.getPolicy(one.arn)),
          ]);
          return { ...one, channel, policy, tags: "value" in tags ? { value: tags.value.get(one.arn) ?? {} } : tags };
        }),
      )),
    );
  return reports;
}

/** An answer, or the refusal in words. Errors that concern every call are thrown. */
export async function looked<T>(answer: Promise<T>): Promise<Looked<T>> {
  try {
    return { value: await answer };
  } catch (error) {
    if (error instanceof ControlError && (error.code === "CONTROL_DENIED" || error.code === "CONTROL_REFUSED"))
      return { unknown: error.message };
    throw error;
  }
}

function missing(arn: string): never {
  throw new ControlError(`There is no channel ${arn}.`, {
    code: "CONTROL_REFUSED",
    operation: "GetChannel",
    wireName: "ChannelNotFoundException",
    cause: undefined,
  });
}

/** A policy in a few words: `2 principals, external id x`. */
export function policyInWords({ arn, policy }: Pick<ChannelReport, "arn" | "policy">): string {
  if ("unknown" in policy) return "not known";
  if (policy.value === undefined) return "none: the owner alone";
  try {
    const { statements } = parseChannelPolicy(policy.value, arn);
    const allows = statements.filter(({ effect }) => effect === "Allow").flatMap(({ principals }) => principals);
    const denies = statements.length - statements.filter(({ effect }) => effect === "Allow").length;
    const id = externalIdOf(policy.value, arn);
    const conditions = statements.flatMap((statement) => statement.conditions);
    const asks = id === undefined ? (conditions.length > 0 ? "conditions" : "no external id") : `external id ${id}`;
    return `${allows.length} principal${allows.length === 1 ? "" : "s"}, ${asks}${denies > 0 ? `, ${denies} denying` : ""}`;
  } catch (error) {
    if (error instanceof PolicyInvalid) return "not readable";
    throw error;
  }
}

/** The last PutAuditEvents in a few words. */
export function ingestionInWords({ channel }: Pick<ChannelReport, "channel">): string {
  if ("unknown" in channel) return "not known";
  const { ingestion } = channel.value;
  if (ingestion === undefined) return "nothing yet";
  const { successAt, attemptAt, errorCode } = ingestion;
  const failed = errorCode !== undefined && (successAt ?? 0) < (attemptAt ?? 0);
  return failed ? `${errorCode} at ${time(attemptAt)}; last taken: ${time(successAt)}` : time(successAt ?? attemptAt);
}

function time(at: number | undefined): string {
  return at === undefined ? "never" : new Date(at).toISOString();
}

/** The set that keeps a channel, by its tag. */
export function setOf({ tags }: Pick<ChannelReport, "tags">): string | undefined {
  return "value" in tags ? (tags.value[setTag] ?? undefined) : undefined;
}

/** The channel that a person named, by name, ARN or id. Throws `CHANNEL_NOT_FOUND`. */
export async function namedChannel(name: string, control: ControlPlane): Promise<Named> {
  const channels = await control.listChannels();
  const found = channels.find((one) => one.arn === name || one.name === name || one.arn.endsWith(`/${name}`));
  if (found !== undefined) return found;
  const known = channels.map((one) => one.name).join(", ");
  throw new TributaryError(
    `There is no channel ${name} in this account and region; there is ${known || "none"}. See tributary integration list.`,
    { code: "CHANNEL_NOT_FOUND" },
  );
}
