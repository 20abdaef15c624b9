-- What a run of the crawler has to fetch and what became of it. Kept beside the ledger of captures:
-- that one says what was received and never changes, this one where a stopped run goes on.
CREATE TABLE IF NOT EXISTS runs (
    run INTEGER PRIMARY KEY AUTOINCREMENT,
    selection TEXT NOT NULL, -- JSON: what was asked for; a run goes on only with the same
    began_at TEXT NOT NULL,
    ended_at TEXT -- null while there is something left to do
);
CREATE TABLE IF NOT EXISTS addresses (
    run INTEGER NOT NULL REFERENCES runs (run),
    source_id TEXT NOT NULL,
    place TEXT NOT NULL, -- the canonical address (with form data, if any): each is fetched once
    url TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('list', 'report', 'attachment')),
    method TEXT NOT NULL,
    form TEXT NOT NULL, -- JSON: [[name, value], ...]
    referrer TEXT,
    title TEXT,
    year INTEGER,
    state TEXT NOT NULL CHECK (state IN ('discovered', 'fetched', 'failed', 'blocked', 'gone', 'outside', 'passed_over')),
    outcome TEXT, -- of what was fetched: new, same, revised
    reason TEXT,
    PRIMARY KEY (run, source_id, place)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alarms (
    run INTEGER NOT NULL REFERENCES runs (run),
    source_id TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (run, source_id, code, message)
) WITHOUT ROWID;
