CREATE TABLE captures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    place TEXT, -- what revisions are counted at: the canonical address, or the name of a file
    url TEXT,
    final_url TEXT,
    fetched_at TEXT,
    status INTEGER,
    headers TEXT NOT NULL, -- JSON: [[name, value], ...]
    sha256 TEXT CHECK (length(sha256) = 64),
    size INTEGER NOT NULL CHECK (size >= 0),
    media_type TEXT,
    referrer TEXT,
    title TEXT,
    source_row TEXT,
    name TEXT,
    revision INTEGER CHECK (revision > 0),
    seen_before INTEGER NOT NULL CHECK (seen_before IN (0, 1))
);
CREATE INDEX captures_by_place ON captures (place, fetched_at);
CREATE INDEX captures_by_digest ON captures (sha256, fetched_at);

-- The digests by which records of web archives refer to earlier bytes: of the body as it was sent.
CREATE TABLE payloads (
    digest TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
) WITHOUT ROWID;

CREATE TRIGGER captures_keep_updates BEFORE UPDATE ON captures
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER captures_keep_deletes BEFORE DELETE ON captures
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER captures_keep_replaces BEFORE INSERT ON captures
WHEN EXISTS (SELECT 1 FROM captures WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER payloads_keep_updates BEFORE UPDATE ON payloads
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER payloads_keep_deletes BEFORE DELETE ON payloads
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
