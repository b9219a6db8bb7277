import type { DestinationPlan } from "../config/destination-plan.ts";
import { messageOf } from "../config/message-of.ts";
import type { Caller } from "../control/caller-identity.ts";
import { looked } from "../control/channel-report.ts";
import type { Channel, ControlPlane } from "../control/control-plane.ts";
import { type Finding, findingsOf } from "./finding.ts";
import { policyFindings } from "./policy-findings.ts";

export interface ChannelFacts {
  readonly subject: string;
  readonly destination: DestinationPlan;
  /** Of the adapter. */
  readonly source: string;
  readonly control: ControlPlane;
  /** Undefined: not known. */
  readonly caller: Caller | undefined;
  /** Where deliveries go. */
  readonly url: URL;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Whether the channel is there, fits the adapter, delivers to stores that take events, and lets the caller in. Sends nothing. */
export async function checkChannel(facts: ChannelFacts): Promise<readonly Finding[]> {
  const { subject, destination, control, caller } = facts;
  const { problem, notKnown } = findingsOf(subject);
  const { arn, accountId } = destination;
  const findings: Finding[] = [];
  try {
    const look = await looked(control.getChannel(arn));
    const channel = "value" in look ? look.value : undefined;
    const foreign = caller !== undefined && caller.accountId !== accountId;
    if (channel !== undefined) findings.push(...(await channelFindings(channel, facts)));
    else if ("unknown" in look)
      findings.push(notKnown("channel", look.unknown, "Have cloudtrail:GetChannel allowed, or ask the owner."));
    else if (foreign)
      findings.push(
        notKnown(
          "channel",
          `only the account ${accountId} that owns the channel can look at it and its policy, and the caller is of ${caller.accountId}`,
          "tributary doctor --send tries it with one marked event.",
        ),
      );
    else
      findings.push(
        problem(
          "channel",
          `there is no channel ${arn}`,
          "Copy the ARN from tributary integration list, or make one: tributary integration create.",
        ),
      );
    if (foreign || (channel === undefined && "value" in look)) return findings;
    if (caller === undefined)
      return [
        ...findings,
        notKnown("policy", "whether the channel's policy lets the caller in: who that is, is not known"),
      ];
    return [...findings, ...(await checkPolicy({ ...facts, caller }))];
  } catch (error) {
    return [...findings, notKnown("channel", messageOf(error))];
  }
}

async function channelFindings(
  channel: Channel,
  { subject, source, control }: ChannelFacts,
): Promise<readonly Finding[]> {
  const { ok, warning, problem, notKnown } = findingsOf(subject);
  const findings: Finding[] = [];
  findings.push(
    channel.source === source
      ? ok("channel", `${channel.name} is there, of the source ${source}`)
      : warning(
          "channel",
          `${channel.name} is of the source ${channel.source}, and the adapter's records are of ${source}`,
          `Take a channel of the source ${source}: tributary integration create --source ${source}`,
          "The records are taken, and found under another source.",
        ),
  );
  for (const store of channel.stores) {
    const look = await looked(control.getStore(store));
    if ("unknown" in look) findings.push(notKnown("store", look.unknown));
    else if (look.value === undefined)
      findings.push(problem("store", `${store} is gone`, "Give the channel another store."));
    else if (look.value.unfit !== undefined)
      findings.push(
        problem("store", `${look.value.name}: ${look.value.unfit}`, "Restore it, or give the channel another store."),
      );
    else
      findings.push(
        ok("store", `${look.value.name} is ${look.value.status}, and keeps events ${look.value.retentionDays} days`),
      );
  }
  const { ingestion } = channel;
  if (ingestion?.errorCode !== undefined && (ingestion.successAt ?? 0) < (ingestion.attemptAt ?? 0))
    findings.push(
      warning(
        "ingestion",
        `the last request failed: ${ingestion.errorCode} at ${new Date(ingestion.attemptAt ?? 0).toISOString()}`,
        "Look at tributary dlq ls and at the errors of that name.",
      ),
    );
  else
    findings.push(
      ok(
        "ingestion",
        ingestion?.successAt === undefined
          ? "nothing was sent so far"
          : `last taken at ${new Date(ingestion.successAt).toISOString()}`,
      ),
    );
  return findings;
}

async function checkPolicy(facts: ChannelFacts & { readonly caller: Caller }): Promise<readonly Finding[]> {
  const { subject, destination, control, caller, url, now } = facts;
  const { arn, accountId, externalId } = destination;
  const policy = await looked(control.getPolicy(arn));
  if ("unknown" in policy)
    return [
      findingsOf(subject).notKnown(
        "policy",
        policy.unknown,
        "Have cloudtrail:GetResourcePolicy allowed, or try it: tributary doctor --send",
      ),
    ];
  const tags = await looked(control.tags([arn]));
  return policyFindings({
    subject,
    caller,
    channelArn: arn,
    ownerId: accountId,
    policy: policy.value,
    tags: "value" in tags ? (tags.value.get(arn) ?? {}) : undefined,
    externalId,
    secureTransport: url.protocol === "https:",
    now,
  });
}
