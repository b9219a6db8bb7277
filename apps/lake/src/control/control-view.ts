import {
  type ChannelPolicy,
  type EventDataStorePolicy,
  type IdentityPolicy,
  administratorPolicy,
  parseChannelPolicy,
  parseEventDataStorePolicy,
  parseIdentityPolicy,
} from "@tributary/policy";
import type { ControlState, Identity, NamedPolicies, Role } from "../catalog/control-catalog.ts";
import type { LakeCaller } from "../identity/lake-caller.ts";
import { sessionArn } from "../identity/session-arn.ts";
import type { SessionClaims } from "../identity/session-token.ts";

/** A key of the lake and who calls by it. */
export interface KeyHolder {
  /** To be opened by the lake's data key. */
  readonly sealedSecret: string;
  readonly caller: LakeCaller;
}

/** One control state with what is derived from it, each thing once: callers and parsed policies. Immutable like the state. */
export class ControlView {
  readonly state: ControlState;
  readonly #users = new Map<string, LakeCaller>();
  readonly #roles = new Map<string, readonly IdentityPolicy[]>();
  readonly #channelPolicies = new Map<string, ChannelPolicy>();
  readonly #storePolicies = new Map<string, EventDataStorePolicy>();

  constructor(state: ControlState) {
    this.state = state;
  }

  /** Undefined for a key that is unknown, disabled, of a disabled user or account, or has lost its identity. */
  keyHolder(accessKeyId: string): KeyHolder | undefined {
    const key = this.state.accessKeys.get(accessKeyId);
    const caller = key?.enabled ? this.#user(key.identityArn) : undefined;
    return key && caller && { sealedSecret: key.sealedSecret, caller };
  }

  /**
   * Who calls by a session. Undefined when it has ended: its role or user is deleted, its sessions are revoked, it or the user
   * that began it is disabled, or the account of one. Its expiry is not looked at.
   */
  sessionCaller(claims: SessionClaims): LakeCaller | undefined {
    const { startedBy, sessionName, policy } = claims;
    if (startedBy && this.#user(startedBy.arn)?.principalId !== startedBy.userId) return undefined;
    const sessionPolicy = policy === undefined ? {} : { sessionPolicy: parseIdentityPolicy(policy) };
    if (claims.kind === "user") {
      const user = this.#user(claims.arn);
      return user?.principalId === claims.principalId ? { ...user, ...sessionPolicy, temporary: true } : undefined;
    }
    const role = this.state.roles.get(claims.arn);
    if (role?.roleId !== claims.principalId || sessionName === undefined) return undefined;
    if (this.state.disabledAccounts.has(role.accountId)) return undefined;
    if (role.sessionsRevokedAt !== undefined && claims.issuedAt <= role.sessionsRevokedAt) return undefined;
    return {
      arn: sessionArn(role, sessionName),
      accountId: role.accountId,
      identityPolicies: this.#rolePolicies(role),
      sessionOf: role.arn,
      principalId: `${role.roleId}:${sessionName}`,
      temporary: true,
      startedBy,
      ...sessionPolicy,
    };
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

  #user(arn: string): LakeCaller | undefined {
    const known = this.#users.get(arn);
    if (known) return known;
    const identity = this.state.identities.get(arn);
    if (!identity?.enabled || this.state.disabledAccounts.has(identity.accountId)) return undefined;
    const caller = userCaller(identity);
    this.#users.set(arn, caller);
    return caller;
  }

  #rolePolicies(role: Role): readonly IdentityPolicy[] {
    let policies = this.#roles.get(role.arn);
    if (!policies) this.#roles.set(role.arn, (policies = parsedPolicies(role.policies)));
    return policies;
  }
}

function userCaller({ arn, accountId, userId, administrator, policies }: Identity): LakeCaller {
  return {
    arn,
    accountId,
    identityPolicies: [...(administrator ? [administratorPolicy] : []), ...parsedPolicies(policies)],
    principalId: userId,
    temporary: false,
    startedBy: { arn, userId },
  };
}

function parsedPolicies(policies: NamedPolicies): IdentityPolicy[] {
  return Object.values(policies).map((text) => parseIdentityPolicy(text));
}
