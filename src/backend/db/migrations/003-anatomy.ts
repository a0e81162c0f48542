/** Version 3: what an anatomy pack drew and measured on the film of an analysis. */
export const sql = `
CREATE TABLE anatomies (
  analysis TEXT PRIMARY KEY REFERENCES analyses (id),
  pack_id TEXT NOT NULL,
  pack_version TEXT NOT NULL,
  pack_sha256 TEXT NOT NULL,
  pack_use TEXT NOT NULL,
  measurements TEXT NOT NULL,
  -- Why something was not measured.
  note TEXT NOT NULL
) STRICT;

CREATE TABLE masks (
  analysis TEXT NOT NULL REFERENCES anatomies (analysis),
  place INTEGER NOT NULL,
  mask TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Outline of its largest part, in the stored frame.
  region TEXT,
  rows INTEGER NOT NULL,
  columns INTEGER NOT NULL,
  -- One byte a cell, row by row: 255 times the probability.
  grid BLOB NOT NULL,
  to_image TEXT NOT NULL,
  PRIMARY KEY (analysis, place),
  UNIQUE (analysis, mask)
) STRICT;

${['anatomies', 'masks']
  .map(
    (table) => `
CREATE TRIGGER ${table}_never_changed BEFORE UPDATE ON ${table}
  BEGIN SELECT RAISE(ABORT, 'rows of ${table} never change'); END;
CREATE TRIGGER ${table}_never_deleted BEFORE DELETE ON ${table}
  BEGIN SELECT RAISE(ABORT, 'rows of ${table} are never deleted'); END;`,
  )
  .join('\n')}
`;
