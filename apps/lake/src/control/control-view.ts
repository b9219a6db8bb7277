import {
  type Caller,
  type ChannelPolicy,
  type EventDataStorePolicy,
  type IdentityPolicy,
  administratorPolicy,
  parseChannelPolicy,
  parseEventDataStorePolicy,
  parseIdentityPolicy,
} from "@tributary/policy";
import type { ControlState, Identity } from "../catalog/control-catalog.ts";

/** A key of the lake and who calls by it. */
export interface KeyHolder {
  readonly secretAccessKey: string;
  readonly caller: Caller;
}

/** One control state with what is derived from it, each thing once: callers and parsed policies. Immutable like the state. */
export class ControlView {
  readonly state: ControlState;
  readonly #callers = new Map<string, Caller>();
  readonly #channelPolicies = new Map<string, ChannelPolicy>();
  readonly #storePolicies = new Map<string, EventDataStorePolicy>();

  constructor(state: ControlState) {
    this.state = state;
  }

  /** Undefined for a key that is unknown, disabled, of a disabled account or has lost its identity. */
  keyHolder(accessKeyId: string): KeyHolder | undefined {
    const key = this.state.accessKeys.get(accessKeyId);
    const identity = key?.enabled ? this.state.identities.get(key.identityArn) : undefined;
    if (!identity || this.state.disabledAccounts.has(identity.accountId)) return undefined;
    return key && { secretAccessKey: key.secretAccessKey, caller: this.#caller(identity) };
  }

  /** The parsed resource policy of a channel, if it has one. */
  channelPolicy(channelArn: string): ChannelPolicy | undefined {
    return this.#policy(channelArn, this.#channelPolicies, parseChannelPolicy);
  }

  /** The parsed resource policy of an event data store, if it has one. */
  storePolicy(storeArn: string): EventDataStorePolicy | undefined {
    return this.#policy(storeArn, this.#storePolicies, parseEventDataStorePolicy);
  }

  #policy<Policy>(
    arn: string,
    parsed: Map<string, Policy>,
    parse: (text: string, arn: string) => Policy,
  ): Policy | undefined {
    const known = parsed.get(arn);
    if (known) return known;
    const text = this.state.policies.get(arn);
    if (text === undefined) return undefined;
    const policy = parse(text, arn);
    parsed.set(arn, policy);
    return policy;
  }

  #caller(identity: Identity): Caller {
    let caller = this.#callers.get(identity.arn);
    if (!caller) {
      const identityPolicies: IdentityPolicy[] = identity.administrator ? [administratorPolicy] : [];
      if (identity.policy !== undefined) identityPolicies.push(parseIdentityPolicy(identity.policy));
      caller = { arn: identity.arn, accountId: identity.accountId, identityPolicies };
      this.#callers.set(identity.arn, caller);
    }
    return caller;
  }
}
