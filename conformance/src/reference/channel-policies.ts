import { administratorPolicy, type Caller, requestContext } from "@tributary/policy";
import type { Members } from "../core/members.ts";
import type { Identity, RoleSession } from "../wire/identity.ts";
import type { PolicyRules } from "./policy-rules.ts";
import { Refusal } from "./refusal.ts";

interface Channel {
  readonly arn: string;
  readonly accountId: string;
  readonly tags: ReadonlyMap<string, string | null>;
}

/** Who may sign at a reference lake: an administrator of an account, or a role's session, whose role may have no policy. */
export type ReferenceIdentity = Identity & Partial<RoleSession> & { readonly hasNoPolicy?: boolean };

/** The policies of a reference lake's channels: the three operations, and what they decide. Spec 2.5 and 3.4. */
export class ChannelPolicies {
  readonly #rules: PolicyRules;
  readonly #find: (arn: string) => Channel | undefined;
  readonly #texts = new Map<string, string>();

  constructor(find: (arn: string) => Channel | undefined, rules: PolicyRules) {
    this.#find = find;
    this.#rules = rules;
  }

  /** The channel is gone. */
  forget(channelArn: string): void {
    this.#texts.delete(channelArn);
  }

  /** An operation of the control plane. Throws `Refusal`. */
  operate(operation: string, input: Members, caller: Identity): object {
    const { ResourceArn, ResourcePolicy } = input;
    const channel = this.#channel(String(ResourceArn), caller);
    const known = this.#texts.get(channel.arn);
    const { missing } = this.#rules;
    if (operation === "PutResourcePolicy") return this.#put(channel, String(ResourcePolicy), known);
    if (known === undefined) throw new Refusal(missing, "The channel has no policy", 404);
    if (operation === "GetResourcePolicy") return { ResourceArn: channel.arn, ResourcePolicy: this.#rules.kept(known) };
    if (this.#rules.deletes) this.#texts.delete(channel.arn);
    return {};
  }

  /** Throws `Refusal` where the caller may not put events. */
  admit(channel: Channel, caller: ReferenceIdentity, externalId: string | undefined): void {
    const text = this.#texts.get(channel.arn);
    const decision = this.#rules.decide({
      caller: this.#rules.callerOf(callerOf(caller)),
      channel: { arn: channel.arn, accountId: channel.accountId, tags: Object.fromEntries(channel.tags) },
      policy: text === undefined ? undefined : this.#rules.parse(text, channel.arn),
      context: requestContext({ externalId: this.#rules.externalId(externalId) }),
      externalIdMode: "gate",
    });
    if (decision.allowed) return;
    const { code, status } = this.#rules.refusal(decision.by);
    throw new Refusal(code, decision.message, status);
  }

  #put(channel: Channel, text: string, known: string | undefined): object {
    try {
      this.#rules.parse(text, channel.arn);
    } catch (error) {
      throw new Refusal(this.#rules.invalid, error instanceof Error ? error.message : String(error));
    }
    if (known === undefined || this.#rules.replaces) this.#texts.set(channel.arn, text);
    return this.#rules.putAnswer(channel.arn, text);
  }

  #channel(arn: string, caller: Identity): Channel {
    const match = /^arn:[^:]+:cloudtrail:[^:]+:\d{12}:([a-z]+)\/.+$/.exec(arn);
    if (match === null) throw new Refusal(this.#rules.wrongArn, "ResourceArn is no ARN");
    if (match[1] !== "channel") throw new Refusal(this.#rules.wrongType, "Only channels have policies here");
    const channel = this.#find(arn);
    if (channel?.accountId !== caller.accountId) throw new Refusal(this.#rules.wrongArn, "There is no such channel");
    return channel;
  }
}

function callerOf({ accountId, roleArn, sessionArn, hasNoPolicy = false }: ReferenceIdentity): Caller {
  return {
    arn: sessionArn ?? `arn:aws:iam::${accountId}:user/administrator`,
    accountId,
    identityPolicies: hasNoPolicy ? [] : [administratorPolicy],
    ...(roleArn !== undefined && { sessionOf: roleArn }),
  };
}
