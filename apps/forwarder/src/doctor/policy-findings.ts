import {
  administratorPolicy,
  type Caller as PolicyCaller,
  type ChannelPolicy,
  evaluatePutAuditEvents,
  parseChannelPolicy,
  PolicyInvalid,
  putAuditEventsAction,
  requestContext,
} from "@tributary/policy";
import { parseArn } from "@tributary/schema";
import type { Caller } from "../control/caller-identity.ts";
import type { Tags } from "../control/control-plane.ts";
import { externalIdOf } from "../control/external-id-of.ts";
import { type Finding, findingsOf } from "./finding.ts";

export interface PolicyFacts {
  readonly subject: string;
  readonly caller: Caller;
  readonly channelArn: string;
  /** That owns the channel. */
  readonly ownerId: string;
  /** Undefined: the channel has none. */
  readonly policy: string | undefined;
  /** Undefined: not known. */
  readonly tags: Tags | undefined;
  /** What every delivery brings. */
  readonly externalId: string | undefined;
  readonly secureTransport: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Facts of a call that are known before it is made. */
const knownKeys = /^(cloudtrail:externalid|aws:principal(account|arn)|aws:securetransport|aws:currenttime)$/;

/**
 * Whether a channel's policy will let the caller in, decided as the service would (spec 3.4), before anything is sent. What the
 * caller's own identity policies say is not known here.
 */
export function policyFindings(facts: PolicyFacts): readonly Finding[] {
  const { subject, caller, channelArn, ownerId, policy: text, externalId } = facts;
  const { ok, problem, notKnown } = findingsOf(subject);
  let policy: ChannelPolicy | undefined;
  try {
    policy = text === undefined ? undefined : parseChannelPolicy(text, channelArn);
  } catch (error) {
    if (!(error instanceof PolicyInvalid)) throw error;
    return [notKnown("policy", `the channel's policy is not one that can be evaluated here: ${error.message}`)];
  }
  const unknown = (policy?.statements ?? [])
    .flatMap(({ conditions }) => conditions.map(({ key }) => key))
    .filter((key) => !knownKeys.test(key) && !(key.startsWith("aws:resourcetag/") && facts.tags !== undefined));
  if (unknown.length > 0)
    return [
      notKnown(
        "policy",
        `the channel's policy tests ${[...new Set(unknown)].join(", ")}, which only the server knows of a request`,
        "tributary doctor --send tries it with one marked event.",
      ),
    ];
  const decide = (identity: PolicyCaller["identityPolicies"]) =>
    evaluatePutAuditEvents({
      caller: policyCaller(caller, policy, identity),
      channel: { arn: channelArn, accountId: ownerId, tags: facts.tags ?? {} },
      policy,
      context: requestContext({ externalId, secureTransport: facts.secureTransport, now: facts.now }),
      externalIdMode: "gate",
    });
  const decision = decide([administratorPolicy]);
  if (!decision.allowed) {
    const means = "Every delivery is refused, and the records stay queued.";
    if (decision.by === "external-id" || (decision.by === "resource-policy" && asksForId(policy)))
      return [problem("policy", ...idProblem(text, channelArn, externalId), means)];
    if (decision.by === "explicit-deny")
      return [
        problem(
          "policy",
          `the channel's policy denies ${caller.arn}`,
          "Take the Deny out of the policy, or send as another caller.",
          means,
        ),
      ];
    return [
      problem(
        "policy",
        text === undefined
          ? `the channel has no policy, so only account ${ownerId} can send, and ${caller.arn} is of ${caller.accountId}`
          : `the channel's policy does not name ${caller.arn} or its account`,
        `Have the owner name ${caller.accountId} as a principal: tributary integration create --principal, or apply.`,
        means,
      ),
    ];
  }
  const words =
    text === undefined
      ? "the channel has no policy: its owner's account can send"
      : "the channel's policy lets the caller in";
  const ignored =
    externalId !== undefined && !asksForId(policy)
      ? "; it asks for no external id, so channel.externalId is not looked at"
      : "";
  return [ok("policy", words + ignored), identityFinding(facts, decide([]).allowed)];
}

function identityFinding({ subject, caller, channelArn }: PolicyFacts, needsNone: boolean): Finding {
  const { ok, notKnown } = findingsOf(subject);
  if (needsNone)
    return ok("identity", "no identity policy is needed: the caller is the account's root, or is named itself");
  return notKnown(
    "identity",
    `whether the caller's identity policy allows ${putAuditEventsAction}`,
    `tributary doctor --send tries it with one marked event, or: aws iam simulate-principal-policy --policy-source-arn ${caller.arn} --action-names ${putAuditEventsAction} --resource-arns ${channelArn}`,
  );
}

function idProblem(
  text: string | undefined,
  channelArn: string,
  given: string | undefined,
): [found: string, fix: string] {
  const wanted = text === undefined ? undefined : externalIdOf(text, channelArn);
  const fix =
    wanted === undefined
      ? "Set channel.externalId to what the policy asks for (tributary integration show)."
      : `Set channel.externalId: ${JSON.stringify(wanted)}`;
  return given === undefined
    ? ["the channel's policy asks for an external id, and the configuration has none", fix]
    : ["the channel's policy asks for another external id than the configuration's, or for one of another caller", fix];
}

function asksForId(policy: ChannelPolicy | undefined): boolean {
  return (policy?.statements ?? []).some(
    ({ effect, conditions }) => effect === "Allow" && conditions.some(({ key }) => key === "cloudtrail:externalid"),
  );
}

/** A session's ARN lacks the path of its role: the role of the policy that has its name is taken for it. */
function policyCaller(
  { arn, accountId }: Caller,
  policy: ChannelPolicy | undefined,
  identityPolicies: PolicyCaller["identityPolicies"],
): PolicyCaller {
  const { resource = "", partition = "aws" } = parseArn(arn) ?? {};
  const root = resource === "root" ? { root: true } : {};
  const role = /^assumed-role\/([^/]+)\//.exec(resource)?.[1];
  if (role === undefined) return { arn, accountId, identityPolicies, ...root };
  const named = (policy?.statements ?? [])
    .flatMap(({ principals }) => principals)
    .find(
      (one) =>
        one.kind === "arn" &&
        one.arn.startsWith(`arn:${partition}:iam::${accountId}:role/`) &&
        one.arn.endsWith(`/${role}`),
    );
  const sessionOf = named?.kind === "arn" ? named.arn : `arn:${partition}:iam::${accountId}:role/${role}`;
  return { arn, accountId, identityPolicies, sessionOf };
}
