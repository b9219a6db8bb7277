/** Version of the state file, in `PRAGMA user_version`. */
export const schemaVersion = 1;

/** Rows are chunks, not events; work is found by `open <> 0`, never by "greater than the last number seen". */
export const stateSchema = `
CREATE TABLE integration (id INTEGER PRIMARY KEY, adapter TEXT NOT NULL, channel TEXT NOT NULL, UNIQUE (adapter, channel)) STRICT;
CREATE TABLE cursor (
  integration INTEGER NOT NULL, source TEXT NOT NULL, position INTEGER NOT NULL, digest BLOB NOT NULL,
  received_at TEXT NOT NULL, done INTEGER NOT NULL, PRIMARY KEY (integration, source)
) STRICT, WITHOUT ROWID;
-- open: queued records; -1 until the chunk is mapped. frames and results are zstd (chunk-codec.ts), NULL once settled.
CREATE TABLE chunk (
  id INTEGER PRIMARY KEY, integration INTEGER NOT NULL, source TEXT NOT NULL, format TEXT NOT NULL,
  received_at TEXT NOT NULL, frames BLOB, results BLOB, open INTEGER NOT NULL
) STRICT;
CREATE INDEX chunk_open ON chunk (integration, id) WHERE open <> 0;
-- One byte per record (store.ts, states).
CREATE TABLE progress (chunk INTEGER PRIMARY KEY, states BLOB NOT NULL) STRICT;
CREATE TABLE receipt (
  id INTEGER PRIMARY KEY, integration INTEGER NOT NULL, request_id TEXT NOT NULL, events INTEGER NOT NULL,
  delivered INTEGER NOT NULL, refusal TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE TABLE exception (
  id INTEGER PRIMARY KEY, integration INTEGER NOT NULL, chunk INTEGER NOT NULL, record INTEGER NOT NULL, frame INTEGER NOT NULL,
  kind TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, path TEXT NOT NULL, event_id TEXT, event_data TEXT,
  UNIQUE (chunk, record)
) STRICT;
CREATE TABLE original (chunk INTEGER NOT NULL, frame INTEGER NOT NULL, offset INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (chunk, frame)) STRICT, WITHOUT ROWID;
CREATE TABLE sent (key BLOB PRIMARY KEY, sha BLOB NOT NULL) STRICT, WITHOUT ROWID`;
