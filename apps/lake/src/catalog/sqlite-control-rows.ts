import type {
  AccessKey,
  ChannelRecord,
  EventDataStoreRecord,
  Identity,
  IngestionStatusRecord,
  Tags,
} from "./control-catalog.ts";
import { parsed } from "./sqlite-database.ts";

// Rows as `sqlite-schema.ts` has them, and the records they are. SQLite has no booleans and no lists: 0 or 1, and JSON.

export interface IdentityRow {
  readonly arn: string;
  readonly account_id: string;
  readonly name: string;
  readonly administrator: number;
  readonly policy: string | null;
  readonly created_at: number;
}

export function identityOf(row: IdentityRow): Identity {
  return {
    arn: row.arn,
    accountId: row.account_id,
    name: row.name,
    administrator: row.administrator === 1,
    policy: row.policy ?? undefined,
    createdAt: row.created_at,
  };
}

export interface AccessKeyRow {
  readonly access_key_id: string;
  readonly secret_access_key: string;
  readonly identity_arn: string;
  readonly enabled: number;
  readonly created_at: number;
}

export function accessKeyOf(row: AccessKeyRow): AccessKey {
  return {
    accessKeyId: row.access_key_id,
    secretAccessKey: row.secret_access_key,
    identityArn: row.identity_arn,
    enabled: row.enabled === 1,
    createdAt: row.created_at,
  };
}

export interface ChannelRow {
  readonly arn: string;
  readonly channel_id: string;
  readonly account_id: string;
  readonly name: string;
  readonly source: string;
  readonly destinations: string;
  readonly tags: string;
  readonly created_at: number;
}

export function channelOf(row: ChannelRow): ChannelRecord {
  return {
    arn: row.arn,
    channelId: row.channel_id,
    accountId: row.account_id,
    name: row.name,
    source: row.source,
    destinations: parsed<readonly string[]>(row.destinations),
    tags: parsed<Tags>(row.tags),
    createdAt: row.created_at,
  };
}

export interface StoreRow {
  readonly store_id: string;
  readonly arn: string;
  readonly account_id: string;
  readonly name: string;
  readonly status: EventDataStoreRecord["status"];
  readonly advanced_event_selectors: string;
  readonly multi_region_enabled: number;
  readonly organization_enabled: number;
  readonly retention_period: number;
  readonly termination_protection_enabled: number;
  readonly billing_mode: EventDataStoreRecord["billingMode"];
  readonly tags: string;
  readonly created_at: number;
  readonly updated_at: number;
}

export function storeOf(row: StoreRow): EventDataStoreRecord {
  return {
    storeId: row.store_id,
    arn: row.arn,
    accountId: row.account_id,
    name: row.name,
    status: row.status,
    advancedEventSelectors: parsed<readonly unknown[]>(row.advanced_event_selectors),
    multiRegionEnabled: row.multi_region_enabled === 1,
    organizationEnabled: row.organization_enabled === 1,
    retentionPeriod: row.retention_period,
    terminationProtectionEnabled: row.termination_protection_enabled === 1,
    billingMode: row.billing_mode,
    tags: parsed<Tags>(row.tags),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function storeRow(store: EventDataStoreRecord): Record<keyof StoreRow, string | number> {
  return {
    store_id: store.storeId,
    arn: store.arn,
    account_id: store.accountId,
    name: store.name,
    status: store.status,
    advanced_event_selectors: JSON.stringify(store.advancedEventSelectors),
    multi_region_enabled: Number(store.multiRegionEnabled),
    organization_enabled: Number(store.organizationEnabled),
    retention_period: store.retentionPeriod,
    termination_protection_enabled: Number(store.terminationProtectionEnabled),
    billing_mode: store.billingMode,
    tags: JSON.stringify(store.tags),
    created_at: store.createdAt,
    updated_at: store.updatedAt,
  };
}

export interface IngestionRow {
  readonly attempt_time: number;
  readonly attempt_event_id: string | null;
  readonly success_time: number | null;
  readonly success_event_id: string | null;
  readonly error_code: string | null;
}

export function ingestionStatusOf(row: IngestionRow): IngestionStatusRecord {
  return {
    attemptTime: row.attempt_time,
    attemptEventId: row.attempt_event_id ?? undefined,
    successTime: row.success_time ?? undefined,
    successEventId: row.success_event_id ?? undefined,
    errorCode: row.error_code ?? undefined,
  };
}
