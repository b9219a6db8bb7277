/** Version of the state file, in `PRAGMA user_version`. */
export const schemaVersion = 7;

const chunkData = `
-- zstd (chunk-codec.ts), until all records are settled. Apart from chunk: an update of a row writes all of it again.
CREATE TABLE spool (chunk INTEGER PRIMARY KEY, frames BLOB NOT NULL) STRICT;
CREATE TABLE mapped (chunk INTEGER PRIMARY KEY, results BLOB NOT NULL) STRICT`;

const overlong = `
-- What records longer than the limit have beyond it, as it came: on its way in, then by frame. See overlong-tap.ts.
CREATE TABLE overlong_intake (
  integration INTEGER NOT NULL, position INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (integration, position)
) STRICT;
CREATE TABLE overlong (
  chunk INTEGER NOT NULL, frame INTEGER NOT NULL, position INTEGER NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (chunk, frame, position)
) STRICT`;

const sentDay = `
-- Rows of sent by the day of their eventTime; touched: the day one was last sent or met again (days since 1970).
CREATE TABLE sent_day (
  integration INTEGER NOT NULL, day INTEGER NOT NULL, rows INTEGER NOT NULL, touched INTEGER NOT NULL,
  PRIMARY KEY (integration, day)
) STRICT, WITHOUT ROWID`;

const integrations = `
-- name: of an integration of tributary run; empty for tributary forward.
CREATE TABLE integration (
  id INTEGER PRIMARY KEY, adapter TEXT NOT NULL, channel TEXT NOT NULL, name TEXT NOT NULL DEFAULT '', UNIQUE (name, adapter, channel)
) STRICT`;

const sources = `
-- A poller's place; it stays with the name when the channel changes. reads: digest of what no two pollers may share, so that
-- a cursor is never given to another vendor account. cursor: JSON, NULL until the first page; at: ms since 1970, of the last page.
CREATE TABLE polled (
  name TEXT NOT NULL, adapter TEXT NOT NULL, reads TEXT NOT NULL, since TEXT NOT NULL, cursor TEXT, at INTEGER NOT NULL,
  PRIMARY KEY (name, adapter, reads)
) STRICT, WITHOUT ROWID;
-- How the records of chunks ended that are settled and folded (fold-settled.ts): a run without an end keeps no row for each.
CREATE TABLE settled (
  integration INTEGER PRIMARY KEY, delivered INTEGER NOT NULL, already INTEGER NOT NULL, changed INTEGER NOT NULL,
  dead INTEGER NOT NULL, dropped INTEGER NOT NULL
) STRICT;
-- Deliveries of webhooks that were stored; at: ms since 1970. Forgotten after the replay window.
CREATE TABLE replay (
  integration INTEGER NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (integration, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX replay_at ON replay (integration, at);
-- The last thing that stopped a part (poll, channel, files, state) of an integration; over: ms since 1970 when it went on, or NULL.
CREATE TABLE trouble (
  integration INTEGER NOT NULL, part TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, at INTEGER NOT NULL, over INTEGER,
  PRIMARY KEY (integration, part)
) STRICT, WITHOUT ROWID`;

const places = `
-- How far files and objects were read (place-state.ts); value: JSON, at: ms since 1970. They stay with the integration's name.
CREATE TABLE place (
  name TEXT NOT NULL, adapter TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (name, adapter, kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_at ON place (name, adapter, kind, at)`;

const exceptions = `
-- Dead and dropped records. An id is never given twice: a person may have noted it down. part of parts: which of its frame's records
-- it is. at: ms since 1970, NULL where it is not known. attempts: requests that carried it.
CREATE TABLE exception (
  id INTEGER PRIMARY KEY AUTOINCREMENT, integration INTEGER NOT NULL, chunk INTEGER NOT NULL, record INTEGER NOT NULL,
  frame INTEGER NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, path TEXT NOT NULL, event_id TEXT,
  event_data TEXT, part INTEGER NOT NULL DEFAULT 0, parts INTEGER NOT NULL DEFAULT 1, frame_offset INTEGER, at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0, replays INTEGER NOT NULL DEFAULT 0, UNIQUE (chunk, record)
) STRICT;
CREATE INDEX exception_dead ON exception (id) WHERE kind = 'dead';
CREATE INDEX exception_frame ON exception (chunk, frame) WHERE kind = 'dead';
CREATE INDEX exception_dropped ON exception (at, id) WHERE kind = 'dropped';
CREATE INDEX exception_event ON exception (event_id) WHERE event_id IS NOT NULL`;

const letters = `
-- occurrence: equal frames before it in its source; about: what its way told of it (chunk-codec.ts, FrameOrigin), JSON or NULL.
ALTER TABLE original ADD COLUMN occurrence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE original ADD COLUMN about TEXT;
-- Dead letters that are to be put back into the queue; at: when that was asked for, ms since 1970.
CREATE TABLE asked (exception INTEGER PRIMARY KEY, integration INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX asked_integration ON asked (integration)`;

const ledger = `
ALTER TABLE chunk ADD COLUMN first_offset INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chunk ADD COLUMN last_offset INTEGER NOT NULL DEFAULT 0;
-- The receipt of the request by which it was delivered.
ALTER TABLE sent ADD COLUMN receipt INTEGER;
CREATE INDEX receipt_at ON receipt (integration, at);
-- taken: records taken in, those of chunks that are not settled too. The others may be below 0 until such a chunk is folded.
ALTER TABLE settled ADD COLUMN taken INTEGER NOT NULL DEFAULT 0;
-- What is left of chunks that are settled and folded; settled_at: ms since 1970.
CREATE TABLE history (
  id INTEGER PRIMARY KEY, integration INTEGER NOT NULL, source TEXT NOT NULL, first_offset INTEGER NOT NULL,
  last_offset INTEGER NOT NULL, received_at TEXT NOT NULL, settled_at INTEGER NOT NULL, delivered INTEGER NOT NULL,
  already INTEGER NOT NULL, changed INTEGER NOT NULL, dead INTEGER NOT NULL, dropped INTEGER NOT NULL
) STRICT;
CREATE INDEX history_at ON history (integration, settled_at)`;

const backfills = `
-- Pasts that are to be read again (backfills.ts). since, until: RFC 3339 or empty; files: JSON; cursor: JSON or NULL; times: ms since 1970.
CREATE TABLE backfill (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, adapter TEXT NOT NULL, reads TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL,
  files TEXT NOT NULL, cursor TEXT, state TEXT NOT NULL, pages INTEGER NOT NULL, frames INTEGER NOT NULL, asked_at INTEGER NOT NULL,
  at INTEGER NOT NULL, code TEXT, message TEXT
) STRICT`;

/** Before version 7 a second reading of a file that was interrupted did not know of the first. */
const fromVersion6 = `
-- The earlier reading that is not reached yet (store.ts, EarlierReading); NULL where there is none.
ALTER TABLE cursor ADD COLUMN earlier_before INTEGER;
ALTER TABLE cursor ADD COLUMN earlier_position INTEGER;
ALTER TABLE cursor ADD COLUMN earlier_digest BLOB`;

/** Before version 6 an integration had one destination, and a chunk its own frames. */
const fromVersion5 = `
-- There is a row for each channel that an integration of tributary run goes to; destination: its name, empty for an only one.
ALTER TABLE integration ADD COLUMN destination TEXT NOT NULL DEFAULT '';
-- spool: whose frames these are, where several destinations have a chunk of the same; NULL: its own.
ALTER TABLE chunk ADD COLUMN spool INTEGER;
CREATE INDEX chunk_spool ON chunk (spool) WHERE spool IS NOT NULL`;

/** Before version 5 dead letters could not be put back, and no record was counted but by its end. */
const fromVersion4 = `ALTER TABLE exception RENAME TO exception_4;${exceptions};
INSERT INTO exception (id, integration, chunk, record, frame, kind, code, message, path, event_id, event_data)
  SELECT id, integration, chunk, record, frame, kind, code, message, path, event_id, event_data FROM exception_4;
DROP TABLE exception_4;${letters};${ledger};${backfills};
UPDATE exception SET frame_offset = (SELECT o.offset FROM original o WHERE o.chunk = exception.chunk AND o.frame = exception.frame);
UPDATE exception SET at = unixepoch() * 1000 WHERE kind = 'dropped';
INSERT INTO settled (integration, delivered, already, changed, dead, dropped)
  SELECT id, 0, 0, 0, 0, 0 FROM integration WHERE true ON CONFLICT (integration) DO NOTHING;
UPDATE settled SET taken = delivered + already + changed + dead + dropped + (SELECT coalesce(sum(length(p.states)), 0)
  FROM progress p JOIN chunk c ON c.id = p.chunk WHERE c.integration = settled.integration)`;

/** Before version 4 files were read once, by cursors. */
const fromVersion3 = places;

/** Before version 3 an integration was an adapter and a channel, and nothing polled. */
const fromVersion2 = `ALTER TABLE integration RENAME TO integration_2;${integrations};
INSERT INTO integration (id, adapter, channel) SELECT id, adapter, channel FROM integration_2;
DROP TABLE integration_2;${sources}`;

/** Before version 2 a chunk's data was in its row, and sent was not counted. Needs the function `day_of(key)`. */
const fromVersion1 = `${chunkData};${sentDay};${overlong};
INSERT INTO spool SELECT id, frames FROM chunk WHERE frames IS NOT NULL;
INSERT INTO mapped SELECT id, results FROM chunk WHERE results IS NOT NULL;
ALTER TABLE chunk DROP COLUMN frames;
ALTER TABLE chunk DROP COLUMN results;
INSERT INTO sent_day SELECT i.id, day_of(s.key), count(*), unixepoch() / 86400
  FROM integration i JOIN sent s ON substr(s.key, 1, 4) = unhex(printf('%08X', i.id)) GROUP BY 1, 2`;

/** Rows are chunks, not events; work is found by `open <> 0`, never by "greater than the last number seen". */
export const stateSchema = `${integrations};
CREATE TABLE cursor (
  integration INTEGER NOT NULL, source TEXT NOT NULL, position INTEGER NOT NULL, digest BLOB NOT NULL,
  received_at TEXT NOT NULL, done INTEGER NOT NULL, PRIMARY KEY (integration, source)
) STRICT, WITHOUT ROWID;
-- open: queued records; until the chunk is mapped, minus the number of its frames.
CREATE TABLE chunk (
  id INTEGER PRIMARY KEY, integration INTEGER NOT NULL, source TEXT NOT NULL, format TEXT NOT NULL,
  received_at TEXT NOT NULL, open INTEGER NOT NULL
) STRICT;
${chunkData};
CREATE INDEX chunk_open ON chunk (integration, id) WHERE open <> 0;
-- One byte per record (store.ts, states).
CREATE TABLE progress (chunk INTEGER PRIMARY KEY, states BLOB NOT NULL) STRICT;
CREATE TABLE receipt (
  id INTEGER PRIMARY KEY, integration INTEGER NOT NULL, request_id TEXT NOT NULL, events INTEGER NOT NULL,
  delivered INTEGER NOT NULL, refusal TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
${exceptions};
CREATE TABLE original (chunk INTEGER NOT NULL, frame INTEGER NOT NULL, offset INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (chunk, frame)) STRICT, WITHOUT ROWID;
CREATE TABLE sent (key BLOB PRIMARY KEY, sha BLOB NOT NULL) STRICT, WITHOUT ROWID;${sentDay};${overlong};${sources};${places};${letters};${ledger};${backfills};${fromVersion5};${fromVersion6}`;

/** What takes a state of version 1 to 2, of 2 to 3 and so on. */
export const migrations: readonly string[] = [
  fromVersion1,
  fromVersion2,
  fromVersion3,
  fromVersion4,
  fromVersion5,
  fromVersion6,
];
