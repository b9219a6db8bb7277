/** A user of an account. The first one of an account is its administrator; a later one may do nothing until given a policy. */
export interface Identity {
  /** `arn:aws:iam::ACCOUNT:user/NAME`. */
  readonly arn: string;
  readonly accountId: string;
  readonly name: string;
  /** `AIDA` and 16 characters: tells a user from an earlier one of its name. */
  readonly userId: string;
  readonly administrator: boolean;
  /** Of a disabled user no key and no session is accepted. */
  readonly enabled: boolean;
  readonly policies: NamedPolicies;
  readonly createdAt: number;
}

/** Identity policies, JSON text by name; all of them count. */
export type NamedPolicies = Readonly<Record<string, string>>;

/** What sessions are made of: rights without a key of their own. */
export interface Role {
  /** `arn:aws:iam::ACCOUNT:role/NAME`. */
  readonly arn: string;
  readonly accountId: string;
  readonly name: string;
  /** `AROA` and 16 characters: tells a role from an earlier one of its name. */
  readonly roleId: string;
  /** Who may assume it, JSON text. */
  readonly trustPolicy: string;
  readonly policies: NamedPolicies;
  /** Seconds. */
  readonly maxSessionDuration: number;
  /** Sessions made until then are not accepted; ms. */
  readonly sessionsRevokedAt?: number | undefined;
  readonly createdAt: number;
}

export interface AccessKey {
  readonly accessKeyId: string;
  /** The secret access key, sealed by the lake's data key. */
  readonly sealedSecret: string;
  readonly identityArn: string;
  readonly enabled: boolean;
  readonly createdAt: number;
}

export type Tags = Readonly<Record<string, string | null>>;

export interface ChannelRecord {
  readonly arn: string;
  readonly channelId: string;
  readonly accountId: string;
  readonly name: string;
  readonly source: string;
  /** Ids of event data stores. */
  readonly destinations: readonly string[];
  readonly tags: Tags;
  readonly createdAt: number;
}

export interface EventDataStoreRecord {
  readonly arn: string;
  readonly storeId: string;
  readonly accountId: string;
  readonly name: string;
  readonly status:
    | "CREATED"
    | "ENABLED"
    | "PENDING_DELETION"
    | "STARTING_INGESTION"
    | "STOPPING_INGESTION"
    | "STOPPED_INGESTION";
  readonly advancedEventSelectors: readonly unknown[];
  readonly multiRegionEnabled: boolean;
  readonly organizationEnabled: boolean;
  readonly retentionPeriod: number;
  readonly terminationProtectionEnabled: boolean;
  readonly billingMode: "EXTENDABLE_RETENTION_PRICING" | "FIXED_RETENTION_PRICING";
  readonly tags: Tags;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When it became PENDING_DELETION; only then. */
  readonly deletedAt?: number | undefined;
}

/** The RSA key that signs delivered results. */
export interface SigningKeyRecord {
  readonly fingerprint: string;
  /** PKCS #1 DER, base64. */
  readonly publicKey: string;
  /** Sealed by the data key for its fingerprint. */
  readonly sealedPrivateKey: string;
  readonly createdAt: number;
}

/** All control state at one generation: small, held in memory, read anew when the generation has moved. */
export interface ControlState {
  readonly generation: number;
  readonly identities: ReadonlyMap<string, Identity>; // by ARN
  readonly accessKeys: ReadonlyMap<string, AccessKey>; // by access key id
  readonly roles: ReadonlyMap<string, Role>; // by ARN
  /** The key that seals secrets, sealed by the master key, which is not in the catalog. Undefined in a new catalog. */
  readonly sealedDataKey?: string | undefined;
  /** What deliveries are signed with. Undefined until the lake first delivers. */
  readonly signingKey?: SigningKeyRecord | undefined;
  /** Ids of accounts whose keys are refused and whose channels take nothing. */
  readonly disabledAccounts: ReadonlySet<string>;
  readonly channels: ReadonlyMap<string, ChannelRecord>; // by ARN
  readonly stores: ReadonlyMap<string, EventDataStoreRecord>; // by store id
  readonly policies: ReadonlyMap<string, string>; // resource ARN -> document text as received
}

export type ControlChange =
  | { readonly kind: "putIdentity"; readonly identity: Identity }
  /** Deletes its access keys too. */
  | { readonly kind: "deleteIdentity"; readonly arn: string }
  | { readonly kind: "putAccessKey"; readonly accessKey: AccessKey }
  | { readonly kind: "deleteAccessKey"; readonly accessKeyId: string }
  | { readonly kind: "putRole"; readonly role: Role }
  | { readonly kind: "deleteRole"; readonly arn: string }
  | { readonly kind: "putDataKey"; readonly sealedDataKey: string }
  | { readonly kind: "putSigningKey"; readonly signingKey: SigningKeyRecord }
  | { readonly kind: "disableAccount"; readonly accountId: string }
  | { readonly kind: "enableAccount"; readonly accountId: string }
  | { readonly kind: "putChannel"; readonly channel: ChannelRecord }
  | { readonly kind: "deleteChannel"; readonly arn: string }
  | { readonly kind: "putStore"; readonly store: EventDataStoreRecord }
  /**
   * Ends a store at once: its record and policy, its rows in the journal, its files out of use, its queries ended with the reason. What
   * is left of it is then taken away by the purge of this id, see `purge-catalog.ts`.
   */
  | { readonly kind: "deleteStore"; readonly storeId: string; readonly purgeId: string; readonly reason: string }
  /** Ends the queued and running queries that read a store, as FAILED with the reason. */
  | { readonly kind: "endQueries"; readonly storeId: string; readonly reason: string }
  | { readonly kind: "putPolicy"; readonly resourceArn: string; readonly text: string }
  | { readonly kind: "deletePolicy"; readonly resourceArn: string };

/** What GetChannel's IngestionStatus shows. Times in ms. */
export interface IngestionStatusRecord {
  readonly attemptTime: number;
  readonly attemptEventId?: string | undefined;
  readonly successTime?: number | undefined;
  readonly successEventId?: string | undefined;
  readonly errorCode?: string | undefined;
}

/**
 * Control state is changed by compare-and-swap: a decision is a pure function of a ControlState, and its changes are
 * written only if the generation is still that state's. So every control operation is serialisable on any engine.
 */
export interface ControlCatalog {
  generation(): Promise<number>;
  readControl(): Promise<ControlState>;
  /** Applies all changes and bumps the generation in one transaction, or answers `moved` and applies none. */
  changeControl(
    generation: number,
    changes: readonly ControlChange[],
  ): Promise<{ readonly kind: "changed"; readonly generation: number } | { readonly kind: "moved" }>;
  ingestionStatus(channelArn: string): Promise<IngestionStatusRecord | undefined>;
}
