import type { StateReads, StateTransaction } from "./state-database.ts";

/** A forwarder that works on a shared state. */
export interface Member {
  /** New with each start. */
  readonly id: string;
  /** For people: host and process. */
  readonly name: string;
  /** Numbers of the integrations that it can hold. */
  readonly integrations: readonly number[];
}

/** Who is at work on a shared state, by the database's clock. */
export interface Sharing {
  /** Those whose last beat is not too old. */
  readonly members: readonly Member[];
  readonly leases: readonly Lease[];
}

export interface Lease {
  readonly integration: number;
  /** Id of a member; undefined where it was released. */
  readonly holder: string | undefined;
  /** One more with each holder. */
  readonly epoch: number;
}

/** Who holds an integration, for people. */
export interface Holder {
  readonly name: string;
  /** ms since 1970. */
  readonly since: number;
  /** Seconds since its last beat. */
  readonly seenSecondsAgo: number;
}

/** How several forwarders share the integrations of one state: each is held by one of them. */
export interface Leases {
  /** Tells the others that this one is at work, and answers who is. @param seconds after which a member counts as dead */
  beat(member: Member, seconds: number): Promise<Sharing>;
  /** Takes an integration that nobody alive holds. Answers the new epoch; undefined where another was faster. */
  claim(integration: number, member: Member, seconds: number): Promise<number | undefined>;
  release(lease: { readonly integration: number; readonly epoch: number }, member: Member): Promise<void>;
  /** Releases all, and is no member any more. */
  leave(member: Member): Promise<void>;
  /** Within a transaction: throws `LEASE_LOST` unless the member holds it; until the transaction ends nobody takes it over. */
  check(
    transaction: StateTransaction,
    lease: { readonly integration: number; readonly epoch: number },
    member: Member,
  ): Promise<void>;
  holders(reads: StateReads): Promise<ReadonlyMap<number, Holder>>;
}
