import type { Caller } from "./caller-identity.ts";

/** Tag key to value; null for a tag without one. */
export type Tags = Readonly<Record<string, string | null>>;

/** A channel as GetChannel tells of it. Spec 2.3. */
export interface Channel {
  readonly arn: string;
  readonly name: string;
  readonly source: string;
  /** ARNs of event data stores. */
  readonly stores: readonly string[];
  /** Undefined until the first PutAuditEvents. */
  readonly ingestion: Ingestion | undefined;
}

/** How the last PutAuditEvents of a channel went. Times in milliseconds since 1970. */
export interface Ingestion {
  readonly successAt: number | undefined;
  readonly attemptAt: number | undefined;
  readonly errorCode: string | undefined;
}

/** An event data store as GetEventDataStore tells of it. Spec 2.4. */
export interface EventDataStore {
  readonly arn: string;
  readonly name: string;
  /** CREATED, ENABLED, PENDING_DELETION, ... */
  readonly status: string;
  readonly retentionDays: number;
  readonly terminationProtection: boolean;
  /** What keeps a channel from delivering to it, in words; undefined where nothing does. */
  readonly unfit: string | undefined;
}

/** What an API answers in lists: no more than this. */
export interface Named {
  readonly arn: string;
  readonly name: string;
}

/**
 * CloudTrail's control plane, as far as integrations need it: AWS's, or that of a lake. Every method throws
 * {@link ControlError}, and may be called again.
 */
export interface ControlPlane {
  /** Undefined: AWS's own. */
  readonly endpoint: string | undefined;
  region(): Promise<string>;
  /** Who calls, by the token service. */
  caller(): Promise<Caller>;

  /** Without those of AWS services, whose ids begin with `aws-service-channel/`. */
  listChannels(): Promise<readonly Named[]>;
  /** Undefined where there is none. @param channel an ARN or its id */
  getChannel(channel: string): Promise<Channel | undefined>;
  /** Answers the ARN. */
  createChannel(channel: {
    readonly name: string;
    readonly source: string;
    readonly stores: readonly string[];
    readonly tags: Tags;
  }): Promise<string>;
  setDestinations(channelArn: string, stores: readonly string[]): Promise<void>;
  deleteChannel(channelArn: string): Promise<void>;

  listStores(): Promise<readonly Named[]>;
  /** Undefined where there is none. @param store an ARN or its id */
  getStore(store: string): Promise<EventDataStore | undefined>;
  /** Makes a store of activity events of one region, with the billing of fixed retention (spec 7, row 17). Answers the ARN. */
  createStore(store: { readonly name: string; readonly retentionDays: number; readonly tags: Tags }): Promise<string>;
  setRetention(storeArn: string, days: number): Promise<void>;
  endProtection(storeArn: string): Promise<void>;
  deleteStore(storeArn: string): Promise<void>;

  /** The text of a resource's policy; undefined where it has none. */
  getPolicy(resourceArn: string): Promise<string | undefined>;
  putPolicy(resourceArn: string, text: string): Promise<void>;
  deletePolicy(resourceArn: string): Promise<void>;

  /** Tags of channels and stores, by ARN. */
  tags(arns: readonly string[]): Promise<ReadonlyMap<string, Tags>>;
  addTags(arn: string, tags: Tags): Promise<void>;

  close(): void;
}
