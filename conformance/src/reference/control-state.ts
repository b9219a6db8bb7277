import { createHash } from "node:crypto";

/** An event that a store has, as queries see it. */
export interface StoredEvent {
  readonly eventID: string;
  /** As it was sent. */
  readonly eventData: string;
  /** ms since 1970, of eventData. */
  readonly eventTime: number;
  readonly channelArn: string;
  /** Of the channel. */
  readonly source: string;
  /** ms since 1970. */
  readonly ingestedAt: number;
}

/** Key to value; null where a tag has none. */
export type Tags = Map<string, string | null>;

export type StoreStatus = "ENABLED" | "STOPPED_INGESTION" | "PENDING_DELETION";
export type Category = "ActivityAuditLog" | "Management";

/** An event data store. Times in ms since 1970. */
export interface EventDataStore {
  readonly arn: string;
  readonly id: string;
  readonly accountId: string;
  readonly createdAt: number;
  readonly category: Category;
  name: string;
  status: StoreStatus;
  selectors: readonly unknown[];
  multiRegion: boolean;
  retentionDays: number;
  billingMode: string;
  terminationProtection: boolean;
  updatedAt: number;
  deletedAt?: number | undefined;
  tags: Tags;
  /** By eventID: the same event comes once, however often it is put. */
  readonly events: Map<string, StoredEvent>;
}

/** What GetChannel tells of the last request. Times in ms since 1970. */
export interface Ingestion {
  readonly attemptAt: number;
  readonly attemptEventId?: string | undefined;
  readonly successAt?: number | undefined;
  readonly successEventId?: string | undefined;
  readonly error?: string | undefined;
}

/** A channel. */
export interface Channel {
  readonly arn: string;
  readonly id: string;
  readonly accountId: string;
  source: string;
  name: string;
  /** Ids of stores. */
  destinations: readonly string[];
  tags: Tags;
  ingestion?: Ingestion | undefined;
}

/** All that a reference lake keeps of its control plane, in the order of creation. */
export class ControlState {
  /** By id. */
  readonly stores = new Map<string, EventDataStore>();
  /** By ARN. */
  readonly channels = new Map<string, Channel>();
  /** Channels that were deleted, by ARN. */
  readonly former = new Map<string, Channel>();
  #made = 0;

  /** A UUID that nothing had before; the same ones in the same order for every lake. */
  nextId(): string {
    const hex = createHash("sha256")
      .update(`made ${++this.#made}`)
      .digest("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** A store of any account. */
  storeOf(idOrArn: string): EventDataStore | undefined {
    const store = this.stores.get(idOrArn.slice(idOrArn.lastIndexOf("/") + 1));
    return store?.arn === idOrArn || store?.id === idOrArn ? store : undefined;
  }

  storesOf(accountId: string): readonly EventDataStore[] {
    return [...this.stores.values()].filter((store) => store.accountId === accountId);
  }

  channelsOf(accountId: string): readonly Channel[] {
    return [...this.channels.values()].filter((channel) => channel.accountId === accountId);
  }
}
