import { randomBytes } from "node:crypto";
import { TributaryError } from "@tributary/schema";
import type {
  AccessKey,
  ChannelRecord,
  ControlCatalog,
  ControlChange,
  EventDataStoreRecord,
  Identity,
  IngestionStatusRecord,
  Tags,
} from "./control-catalog.ts";
import type { Row, SqliteDatabase } from "./sqlite-database.ts";
import { removeStoreData } from "./sqlite-store.ts";

const text = (value: unknown): string => value as string;
const number = (value: unknown): number => Number(value);
const optional = <T>(value: unknown): T | undefined => (value === null ? undefined : (value as T));

/** Control state in SQLite. Every change is a compare-and-swap on the generation. */
export function sqliteControl(db: SqliteDatabase, now: () => number): ControlCatalog {
  const generation = (): number => readGeneration(db);
  return {
    generation: async () => generation(),

    readControl: async () =>
      // One transaction, so that the generation is that of the rows.
      db.transaction(() => ({
        generation: generation(),
        identities: new Map(db.all("SELECT * FROM identity").map((row) => [text(row["arn"]), identityOf(row)])),
        accessKeys: new Map(
          db.all("SELECT * FROM access_key").map((row) => [text(row["access_key_id"]), accessKeyOf(row)]),
        ),
        channels: new Map(db.all("SELECT * FROM channel").map((row) => [text(row["arn"]), channelOf(row)])),
        stores: new Map(db.all("SELECT * FROM event_data_store").map((row) => [text(row["store_id"]), storeOf(row)])),
        policies: new Map(
          db.all("SELECT * FROM resource_policy").map((row) => [text(row["resource_arn"]), text(row["document"])]),
        ),
      })),

    changeControl: async (expected, changes) =>
      db.transaction(() => {
        if (generation() !== expected) return { kind: "moved" } as const;
        for (const change of changes) apply(db, change, now());
        db.run("UPDATE meta SET value = ? WHERE name = 'generation'", String(expected + 1));
        return { kind: "changed", generation: expected + 1 } as const;
      }),

    tokenSecret: async () =>
      db.transaction(() => {
        db.run(
          "INSERT INTO meta (name, value) VALUES ('token_secret', ?) ON CONFLICT (name) DO NOTHING",
          randomBytes(32).toString("hex"),
        );
        return new Uint8Array(
          Buffer.from(text(db.get("SELECT value FROM meta WHERE name = 'token_secret'")?.["value"]), "hex"),
        );
      }),

    ingestionStatus: async (channelArn) => {
      const row = db.get("SELECT * FROM ingestion_status WHERE channel_arn = ?", channelArn);
      return row === undefined ? undefined : ingestionStatusOf(row);
    },
  };
}

export function readGeneration(db: SqliteDatabase): number {
  const row = db.get<{ value: string }>("SELECT value FROM meta WHERE name = 'generation'");
  if (row === undefined)
    throw new TributaryError("The catalog has no generation: the file is damaged; restore it from a backup.", {
      code: "CATALOG_DAMAGED",
    });
  return Number(row.value);
}

function apply(db: SqliteDatabase, change: ControlChange, now: number): void {
  switch (change.kind) {
    case "putIdentity": {
      const { arn, accountId, name, administrator, policy, createdAt } = change.identity;
      replace(db, "identity", "arn", {
        arn,
        account_id: accountId,
        name,
        administrator: Number(administrator),
        policy: policy ?? null,
        created_at: createdAt,
      });
      return;
    }
    case "putAccessKey": {
      const { accessKeyId, secretAccessKey, identityArn, enabled, createdAt } = change.accessKey;
      const row = {
        access_key_id: accessKeyId,
        secret_access_key: secretAccessKey,
        identity_arn: identityArn,
        enabled: Number(enabled),
        created_at: createdAt,
      };
      replace(db, "access_key", "access_key_id", row);
      return;
    }
    case "putChannel": {
      const { arn, channelId, accountId, name, source, destinations, tags, createdAt } = change.channel;
      const lists = { destinations: JSON.stringify(destinations), tags: JSON.stringify(tags) };
      replace(db, "channel", "arn", {
        arn,
        channel_id: channelId,
        account_id: accountId,
        name,
        source,
        ...lists,
        created_at: createdAt,
      });
      return;
    }
    case "deleteChannel":
      db.run("DELETE FROM channel WHERE arn = ?", change.arn);
      db.run("DELETE FROM resource_policy WHERE resource_arn = ?", change.arn);
      db.run("DELETE FROM ingestion_status WHERE channel_arn = ?", change.arn);
      return;
    case "putStore":
      replace(db, "event_data_store", "store_id", storeRow(change.store));
      return;
    case "deleteStore":
      db.run("DELETE FROM event_data_store WHERE store_id = ?", change.storeId);
      removeStoreData(db, change.storeId, now);
      return;
    case "putPolicy":
      replace(db, "resource_policy", "resource_arn", { resource_arn: change.resourceArn, document: change.text });
      return;
    case "deletePolicy":
      db.run("DELETE FROM resource_policy WHERE resource_arn = ?", change.resourceArn);
      return;
  }
}

/** Inserts or overwrites one row; table and column names are this file's own constants. */
function replace(db: SqliteDatabase, table: string, key: string, row: Record<string, string | number | null>): void {
  const names = Object.keys(row);
  const updates = names.filter((name) => name !== key).map((name) => `${name} = excluded.${name}`);
  const sql = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")}) ON CONFLICT (${key}) DO UPDATE SET ${updates.join(", ")}`;
  db.run(sql, ...Object.values(row));
}

function storeRow(store: EventDataStoreRecord): Record<string, string | number | null> {
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

function storeOf(row: Row): EventDataStoreRecord {
  return {
    storeId: text(row["store_id"]),
    arn: text(row["arn"]),
    accountId: text(row["account_id"]),
    name: text(row["name"]),
    status: text(row["status"]) as EventDataStoreRecord["status"],
    advancedEventSelectors: JSON.parse(text(row["advanced_event_selectors"])) as unknown[],
    multiRegionEnabled: row["multi_region_enabled"] === 1,
    organizationEnabled: row["organization_enabled"] === 1,
    retentionPeriod: number(row["retention_period"]),
    terminationProtectionEnabled: row["termination_protection_enabled"] === 1,
    billingMode: text(row["billing_mode"]) as EventDataStoreRecord["billingMode"],
    tags: JSON.parse(text(row["tags"])) as Tags,
    createdAt: number(row["created_at"]),
    updatedAt: number(row["updated_at"]),
  };
}

function identityOf(row: Row): Identity {
  return {
    arn: text(row["arn"]),
    accountId: text(row["account_id"]),
    name: text(row["name"]),
    administrator: row["administrator"] === 1,
    policy: optional<string>(row["policy"]),
    createdAt: number(row["created_at"]),
  };
}

function accessKeyOf(row: Row): AccessKey {
  return {
    accessKeyId: text(row["access_key_id"]),
    secretAccessKey: text(row["secret_access_key"]),
    identityArn: text(row["identity_arn"]),
    enabled: row["enabled"] === 1,
    createdAt: number(row["created_at"]),
  };
}

function channelOf(row: Row): ChannelRecord {
  return {
    arn: text(row["arn"]),
    channelId: text(row["channel_id"]),
    accountId: text(row["account_id"]),
    name: text(row["name"]),
    source: text(row["source"]),
    destinations: JSON.parse(text(row["destinations"])) as string[],
    tags: JSON.parse(text(row["tags"])) as Tags,
    createdAt: number(row["created_at"]),
  };
}

function ingestionStatusOf(row: Row): IngestionStatusRecord {
  return {
    attemptTime: number(row["attempt_time"]),
    attemptEventId: optional<string>(row["attempt_event_id"]),
    successTime: optional<number>(row["success_time"]),
    successEventId: optional<string>(row["success_event_id"]),
    errorCode: optional<string>(row["error_code"]),
  };
}
