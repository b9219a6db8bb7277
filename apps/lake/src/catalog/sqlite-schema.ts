/** `PRAGMA application_id` of a catalog file: "TRIB". */
export const applicationId = 0x54524942;

/** `PRAGMA user_version`: the format of the catalog file. A file of another format is refused untouched. */
export const formatVersion = 3;

/** The tables, in SQL that PostgreSQL could run but for the journal's AUTOINCREMENT. Times are ms since 1970. */
export const schema = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO meta (name, value) VALUES ('generation', '1');

CREATE TABLE identity (
  arn TEXT PRIMARY KEY, account_id TEXT NOT NULL, name TEXT NOT NULL, user_id TEXT NOT NULL, administrator INTEGER NOT NULL, enabled INTEGER NOT NULL,
  policies TEXT NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE role (
  arn TEXT PRIMARY KEY, account_id TEXT NOT NULL, name TEXT NOT NULL, role_id TEXT NOT NULL, trust_policy TEXT NOT NULL, policies TEXT NOT NULL,
  max_session_duration INTEGER NOT NULL, sessions_revoked_at BIGINT, created_at BIGINT NOT NULL);
CREATE TABLE access_key (
  access_key_id TEXT PRIMARY KEY, sealed_secret TEXT NOT NULL, identity_arn TEXT NOT NULL, enabled INTEGER NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE disabled_account (account_id TEXT PRIMARY KEY);
CREATE TABLE channel (
  arn TEXT PRIMARY KEY, channel_id TEXT NOT NULL, account_id TEXT NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL,
  destinations TEXT NOT NULL, tags TEXT NOT NULL, created_at BIGINT NOT NULL);
CREATE TABLE event_data_store (
  store_id TEXT PRIMARY KEY, arn TEXT NOT NULL UNIQUE, account_id TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
  advanced_event_selectors TEXT NOT NULL, multi_region_enabled INTEGER NOT NULL, organization_enabled INTEGER NOT NULL,
  retention_period INTEGER NOT NULL, termination_protection_enabled INTEGER NOT NULL, billing_mode TEXT NOT NULL, tags TEXT NOT NULL,
  created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, deleted_at BIGINT);
CREATE TABLE resource_policy (resource_arn TEXT PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE ingestion_status (
  channel_arn TEXT PRIMARY KEY, attempt_time BIGINT NOT NULL, attempt_event_id TEXT, success_time BIGINT, success_event_id TEXT, error_code TEXT);

CREATE TABLE journal (
  pos INTEGER PRIMARY KEY AUTOINCREMENT, store_id TEXT NOT NULL, events INTEGER NOT NULL, size INTEGER NOT NULL, created_at BIGINT NOT NULL, bytes BLOB NOT NULL);
CREATE INDEX journal_by_store ON journal (store_id, pos, events, size, created_at);

CREATE TABLE store_head (store_id TEXT PRIMARY KEY, version BIGINT NOT NULL, content_version BIGINT NOT NULL, chain TEXT NOT NULL);
CREATE TABLE store_commit (
  store_id TEXT NOT NULL, version BIGINT NOT NULL, kind TEXT NOT NULL, actions TEXT NOT NULL, chain TEXT NOT NULL, created_at BIGINT NOT NULL,
  PRIMARY KEY (store_id, version));
CREATE TABLE table_file (
  path TEXT PRIMARY KEY, store_id TEXT NOT NULL, event_day TEXT NOT NULL, rows BIGINT NOT NULL, bytes BIGINT NOT NULL, sha256 TEXT NOT NULL,
  min_event_id TEXT NOT NULL, max_event_id TEXT NOT NULL, min_event_time BIGINT NOT NULL, max_event_time BIGINT NOT NULL,
  added_version BIGINT NOT NULL, removed_version BIGINT, removed_at BIGINT, remove_published_at BIGINT);
CREATE INDEX table_file_by_store ON table_file (store_id, removed_version);
CREATE INDEX table_file_removed ON table_file (remove_published_at);
CREATE TABLE publication (store_id TEXT PRIMARY KEY, published BIGINT NOT NULL, cleaned BIGINT NOT NULL, swept BIGINT NOT NULL);
CREATE TABLE publication_checkpoint (
  store_id TEXT NOT NULL, version BIGINT NOT NULL, actions BIGINT NOT NULL, add_files BIGINT NOT NULL, bytes BIGINT NOT NULL, sha256 TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  PRIMARY KEY (store_id, version));
CREATE TABLE publication_attempt (
  attempt_id TEXT PRIMARY KEY, store_id TEXT NOT NULL, first_version BIGINT NOT NULL, last_version BIGINT NOT NULL, created_at BIGINT NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0);
CREATE INDEX publication_attempt_by_store ON publication_attempt (store_id, first_version);
CREATE TABLE counter (store_id TEXT NOT NULL, name TEXT NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (store_id, name));
CREATE TABLE intent (path TEXT PRIMARY KEY, created_at BIGINT NOT NULL, taken INTEGER NOT NULL DEFAULT 0);
CREATE TABLE pin (
  pin_id TEXT NOT NULL, store_id TEXT NOT NULL, version BIGINT NOT NULL, bound BIGINT NOT NULL, until BIGINT NOT NULL, PRIMARY KEY (pin_id, store_id));
CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, counter BIGINT NOT NULL);

CREATE TABLE query (
  query_id TEXT PRIMARY KEY, account_id TEXT NOT NULL, caller_arn TEXT NOT NULL, statement TEXT NOT NULL, store_ids TEXT NOT NULL, status TEXT NOT NULL,
  created_at BIGINT NOT NULL, started_at BIGINT, finished_at BIGINT, error_message TEXT, events_matched BIGINT, events_scanned BIGINT,
  bytes_scanned BIGINT, result_rows BIGINT, result_bytes BIGINT, owner_account_ids TEXT, delivery_s3_uri TEXT, delivery_status TEXT,
  working INTEGER NOT NULL DEFAULT 0);
CREATE INDEX query_by_status ON query (status, created_at);
CREATE INDEX query_by_account ON query (account_id);
CREATE INDEX query_by_delivery ON query (delivery_status);
CREATE TABLE query_store (
  query_id TEXT NOT NULL, store_id TEXT NOT NULL, bound BIGINT NOT NULL, version BIGINT, PRIMARY KEY (query_id, store_id));
CREATE INDEX query_store_by_store ON query_store (store_id);

CREATE TABLE purge (
  purge_id TEXT PRIMARY KEY, store_id TEXT NOT NULL, scope TEXT NOT NULL, stage TEXT NOT NULL, bound BIGINT NOT NULL, version BIGINT NOT NULL,
  event_ids BIGINT NOT NULL, rows BIGINT NOT NULL, files BIGINT NOT NULL, results BIGINT NOT NULL, created_at BIGINT NOT NULL, finished_at BIGINT);
CREATE TABLE tombstone (store_id TEXT NOT NULL, event_id TEXT NOT NULL, PRIMARY KEY (store_id, event_id));
`;
