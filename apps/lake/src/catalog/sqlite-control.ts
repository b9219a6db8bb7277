import { TributaryError } from "@tributary/schema";
import type { ControlCatalog, ControlChange, SigningKeyRecord } from "./control-catalog.ts";
import {
  type AccessKeyRow,
  accessKeyOf,
  type ChannelRow,
  channelOf,
  type IdentityRow,
  identityOf,
  identityRow,
  type IngestionRow,
  ingestionStatusOf,
  type RoleRow,
  roleOf,
  roleRow,
  type StoreRow,
  storeOf,
  storeRow,
} from "./sqlite-control-rows.ts";
import { parsed, type SqliteDatabase } from "./sqlite-database.ts";
import { beginStorePurge } from "./sqlite-purge.ts";
import { endQueries } from "./sqlite-query.ts";

/** Control state in SQLite. Every change is a compare-and-swap on the generation. */
export function sqliteControl(db: SqliteDatabase, now: () => number): ControlCatalog {
  const generation = (): number => readGeneration(db);
  return {
    generation: async () => generation(),

    readControl: async () =>
      // The generation is that of the rows.
      db.snapshot(() => ({
        generation: generation(),
        identities: new Map(db.all<IdentityRow>("SELECT * FROM identity").map((row) => [row.arn, identityOf(row)])),
        accessKeys: new Map(
          db.all<AccessKeyRow>("SELECT * FROM access_key").map((row) => [row.access_key_id, accessKeyOf(row)]),
        ),
        roles: new Map(db.all<RoleRow>("SELECT * FROM role").map((row) => [row.arn, roleOf(row)])),
        sealedDataKey: db.get<{ value: string }>("SELECT value FROM meta WHERE name = 'data_key'")?.value,
        signingKey: signingKeyOf(db),
        disabledAccounts: new Set(
          db.all<{ account_id: string }>("SELECT * FROM disabled_account").map(({ account_id }) => account_id),
        ),
        channels: new Map(db.all<ChannelRow>("SELECT * FROM channel").map((row) => [row.arn, channelOf(row)])),
        stores: new Map(db.all<StoreRow>("SELECT * FROM event_data_store").map((row) => [row.store_id, storeOf(row)])),
        policies: new Map(
          db
            .all<{ resource_arn: string; document: string }>("SELECT * FROM resource_policy")
            .map(({ resource_arn, document }) => [resource_arn, document]),
        ),
      })),

    changeControl: async (expected, changes) =>
      db.transaction(() => {
        if (generation() !== expected) return { kind: "moved" } as const;
        for (const change of changes) apply(db, change, now());
        db.run("UPDATE meta SET value = ? WHERE name = 'generation'", String(expected + 1));
        return { kind: "changed", generation: expected + 1 } as const;
      }),

    ingestionStatus: async (channelArn) => {
      const row = db.get<IngestionRow>("SELECT * FROM ingestion_status WHERE channel_arn = ?", channelArn);
      return row === undefined ? undefined : ingestionStatusOf(row);
    },
  };
}

function signingKeyOf(db: SqliteDatabase): SigningKeyRecord | undefined {
  const row = db.get<{ value: string }>("SELECT value FROM meta WHERE name = 'signing_key'");
  return row === undefined ? undefined : parsed<SigningKeyRecord>(row.value);
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
    case "putIdentity":
      replace(db, "identity", "arn", identityRow(change.identity));
      return;
    case "deleteIdentity":
      db.run("DELETE FROM access_key WHERE identity_arn = ?", change.arn);
      db.run("DELETE FROM identity WHERE arn = ?", change.arn);
      return;
    case "putAccessKey": {
      const { accessKeyId, sealedSecret, identityArn, enabled, createdAt } = change.accessKey;
      const row = {
        access_key_id: accessKeyId,
        sealed_secret: sealedSecret,
        identity_arn: identityArn,
        enabled: Number(enabled),
        created_at: createdAt,
      };
      replace(db, "access_key", "access_key_id", row);
      return;
    }
    case "deleteAccessKey":
      db.run("DELETE FROM access_key WHERE access_key_id = ?", change.accessKeyId);
      return;
    case "putRole":
      replace(db, "role", "arn", roleRow(change.role));
      return;
    case "deleteRole":
      db.run("DELETE FROM role WHERE arn = ?", change.arn);
      return;
    case "putDataKey":
      replace(db, "meta", "name", { name: "data_key", value: change.sealedDataKey });
      return;
    case "putSigningKey":
      replace(db, "meta", "name", { name: "signing_key", value: JSON.stringify(change.signingKey) });
      return;
    case "disableAccount":
      db.run(
        "INSERT INTO disabled_account (account_id) VALUES (?) ON CONFLICT (account_id) DO NOTHING",
        change.accountId,
      );
      return;
    case "enableAccount":
      db.run("DELETE FROM disabled_account WHERE account_id = ?", change.accountId);
      return;
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
    case "deleteStore": {
      const { storeId, purgeId, reason } = change;
      db.run(
        "DELETE FROM resource_policy WHERE resource_arn IN (SELECT arn FROM event_data_store WHERE store_id = ?)",
        storeId,
      );
      db.run("DELETE FROM event_data_store WHERE store_id = ?", storeId);
      endQueries(db, { storeId, reason, at: now });
      beginStorePurge(db, { storeId, purgeId, createdAt: now });
      return;
    }
    case "endQueries":
      endQueries(db, { storeId: change.storeId, reason: change.reason, at: now });
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
