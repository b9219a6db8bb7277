import type {
  AccessKey,
  ChannelRecord,
  EventDataStoreRecord,
  Identity,
  IngestionStatusRecord,
  NamedPolicies,
  Role,
  Tags,
} from "./control-catalog.ts";
import { parsed } from "./sqlite-database.ts";

// Rows as `sqlite-schema.ts` has them, and the records they are. SQLite has no booleans and no lists: 0 or 1, and JSON.

export interface IdentityRow {
  readonly arn: string;
  readonly account_id: string;
  readonly name: string;
  readonly user_id: string;
  readonly administrator: number;
  readonly enabled: number;
  readonly policies: string;
  readonly created_at: number;
}

export function identityOf(row: IdentityRow): Identity {
  return {
    arn: row.arn,
    accountId: row.account_id,
    name: row.name,
    userId: row.user_id,
    administrator: row.administrator === 1,
    enabled: row.enabled === 1,
    policies: parsed<NamedPolicies>(row.policies),
    createdAt: row.created_at,
  };
}

export function identityRow(identity: Identity): Record<keyof IdentityRow, string | number> {
  return {
    arn: identity.arn,
    account_id: identity.accountId,
    name: identity.name,
    user_id: identity.userId,
    administrator: Number(identity.administrator),
    enabled: Number(identity.enabled),
    policies: JSON.stringify(identity.policies),
    created_at: identity.createdAt,
  };
}

export interface RoleRow {
  readonly arn: string;
  readonly account_id: string;
  readonly name: string;
  readonly role_id: string;
  readonly trust_policy: string;
  readonly policies: string;
  readonly max_session_duration: number;
  readonly sessions_revoked_at: number | null;
  readonly created_at: number;
}

export function roleOf(row: RoleRow): Role {
  return {
    arn: row.arn,
    accountId: row.account_id,
    name: row.name,
    roleId: row.role_id,
    trustPolicy: row.trust_policy,
    policies: parsed<NamedPolicies>(row.policies),
    maxSessionDuration: row.max_session_duration,
    sessionsRevokedAt: row.sessions_revoked_at ?? undefined,
    createdAt: row.created_at,
  };
}

export function roleRow(role: Role): Record<keyof RoleRow, string | number | null> {
  return {
    arn: role.arn,
    account_id: role.accountId,
    name: role.name,
    role_id: role.roleId,
    trust_policy: role.trustPolicy,
    policies: JSON.stringify(role.policies),
    max_session_duration: role.maxSessionDuration,
    sessions_revoked_at: role.sessionsRevokedAt ?? null,
    created_at: role.createdAt,
  };
}

export interface AccessKeyRow {
  readonly access_key_id: string;
  readonly sealed_secret: string;
  readonly identity_arn: string;
  readonly enabled: number;
  readonly created_at: number;
}

export function accessKeyOf(row: AccessKeyRow): AccessKey {
  return {
    accessKeyId: row.access_key_id,
    sealedSecret: row.sealed_secret,
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
  readonly deleted_at: number | null;
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
    ...(row.deleted_at !== null && { deletedAt: row.deleted_at }),
  };
}

export function storeRow(store: EventDataStoreRecord): Record<keyof StoreRow, string | number | null> {
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
    deleted_at: store.deletedAt ?? null,
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
