/** Version 4: what every opening of files became, so that one that was cut off goes on and can be looked at later. */
export const sql = `
CREATE TABLE imports (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  -- The folder's or file's name, for people.
  name TEXT NOT NULL,
  -- What was opened, in full: the same again goes on where this was cut off.
  root TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  -- NULL: it did not come to its end.
  ended_at INTEGER,
  -- By outcome, as JSON.
  counts TEXT NOT NULL
) STRICT;
CREATE INDEX imports_root ON imports (root, key DESC);

CREATE TABLE import_entries (
  import INTEGER NOT NULL REFERENCES imports (key) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  -- With size and time of change: the file as it was. Inside an archive, its path and the name there.
  place TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  study TEXT,
  instance TEXT,
  -- 1: reading the unchanged file again would say the same.
  settled INTEGER NOT NULL,
  PRIMARY KEY (import, number),
  UNIQUE (import, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_entries_outcome ON import_entries (import, outcome, number);
`;
