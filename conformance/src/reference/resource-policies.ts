import { administratorPolicy, type Caller, type Decision, requestContext } from "@tributary/policy";
import type { Members } from "../core/members.ts";
import type { Identity, RoleSession } from "../wire/identity.ts";
import type { PolicyRules } from "./policy-rules.ts";
import { Refusal } from "./refusal.ts";

/** A channel or an event data store, as its policy sees it. */
export interface PolicyResource {
  readonly arn: string;
  readonly accountId: string;
  readonly tags: ReadonlyMap<string, string | null>;
}

/** Who may sign at a reference lake: an administrator of an account, or a role's session, whose role may have no policy. */
export type ReferenceIdentity = Identity & Partial<RoleSession> & { readonly hasNoPolicy?: boolean };

/** The policies of a reference lake's channels and stores: the three operations, and what they decide. Spec 2.5, 3.4 and 3.6. */
export class ResourcePolicies {
  readonly #rules: PolicyRules;
  readonly #find: (arn: string) => PolicyResource | undefined;
  readonly #texts = new Map<string, string>();

  constructor(find: (arn: string) => PolicyResource | undefined, rules: PolicyRules) {
    this.#find = find;
    this.#rules = rules;
  }

  /** The resource is gone. */
  forget(arn: string): void {
    this.#texts.delete(arn);
  }

  /** An operation of the control plane. Throws `Refusal`. */
  operate(operation: string, input: Members, caller: Identity): object {
    const { ResourceArn, ResourcePolicy } = input;
    const resource = this.#resource(String(ResourceArn), caller);
    const known = this.#texts.get(resource.arn);
    const { missing } = this.#rules;
    if (operation === "PutResourcePolicy") return this.#put(resource, String(ResourcePolicy), known);
    if (known === undefined) throw new Refusal(missing, "The resource has no policy", 404);
    if (operation === "GetResourcePolicy")
      return { ResourceArn: resource.arn, ResourcePolicy: this.#rules.kept(known) };
    if (this.#rules.deletes) this.#texts.delete(resource.arn);
    return {};
  }

  /** Throws `Refusal` where the caller may not put events. */
  admit(channel: PolicyResource, caller: ReferenceIdentity, externalId: string | undefined): void {
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

  /** What a caller may do with a store: by identity policies and the store's own. @param action for instance `cloudtrail:StartQuery` */
  decide(store: PolicyResource, action: string, caller: ReferenceIdentity): Decision {
    const text = this.#texts.get(store.arn);
    return this.#rules.decideStore({
      caller: this.#rules.callerOf(callerOf(caller)),
      action,
      store: { arn: store.arn, accountId: store.accountId, tags: Object.fromEntries(store.tags) },
      policy: text === undefined ? undefined : this.#rules.parseStore(text, store.arn),
      context: requestContext({}),
    });
  }

  #put({ arn }: PolicyResource, text: string, known: string | undefined): object {
    try {
      if (isStores(arn)) this.#rules.parseStore(text, arn);
      else this.#rules.parse(text, arn);
    } catch (error) {
      throw new Refusal(this.#rules.invalid, error instanceof Error ? error.message : String(error));
    }
    if (known === undefined || this.#rules.replaces) this.#texts.set(arn, text);
    return this.#rules.putAnswer(arn, text);
  }

  #resource(arn: string, caller: Identity): PolicyResource {
    const match = /^arn:[^:]+:cloudtrail:[^:]+:\d{12}:([a-z]+)\/.+$/.exec(arn);
    if (match === null) throw new Refusal(this.#rules.wrongArn, "ResourceArn is no ARN");
    if (!this.#rules.types.includes(match[1] ?? ""))
      throw new Refusal(this.#rules.wrongType, "Only channels and event data stores have policies");
    const resource = this.#find(arn);
    if (resource?.accountId !== caller.accountId)
      throw new Refusal(this.#rules.wrongArn, `There is no ${match[1]} ${arn}`);
    return resource;
  }
}

const isStores = (arn: string): boolean => arn.includes(":eventdatastore/");

function callerOf({ accountId, roleArn, sessionArn, hasNoPolicy = false }: ReferenceIdentity): Caller {
  return {
    arn: sessionArn ?? `arn:aws:iam::${accountId}:user/administrator`,
    accountId,
    identityPolicies: hasNoPolicy ? [] : [administratorPolicy],
    ...(roleArn !== undefined && { sessionOf: roleArn }),
  };
}
