/** Version 7: critical results, and who was told of them. */
export const sql = `
CREATE TABLE critical_results (
  place INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  study TEXT NOT NULL REFERENCES studies (uid),
  draft TEXT REFERENCES drafts (id),
  label TEXT,
  finding TEXT NOT NULL,
  urgency TEXT NOT NULL CHECK (urgency IN ('now', 'today', 'soon')),
  found_at INTEGER NOT NULL,
  login TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX critical_results_study ON critical_results (study);

CREATE TABLE critical_steps (
  place INTEGER PRIMARY KEY,
  critical TEXT NOT NULL REFERENCES critical_results (id),
  kind TEXT NOT NULL CHECK (kind IN ('tried', 'told', 'withdrawn')),
  told_by TEXT NOT NULL,
  told_to TEXT NOT NULL,
  how TEXT,
  read_back INTEGER NOT NULL,
  note TEXT NOT NULL,
  happened_at INTEGER NOT NULL,
  login TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX critical_steps_critical ON critical_steps (critical);

${['critical_results', 'critical_steps']
  .map(
    (table) => `
CREATE TRIGGER ${table}_never_changed BEFORE UPDATE ON ${table}
  BEGIN SELECT RAISE(ABORT, 'rows of ${table} never change'); END;
CREATE TRIGGER ${table}_never_deleted BEFORE DELETE ON ${table}
  BEGIN SELECT RAISE(ABORT, 'rows of ${table} are never deleted'); END;`,
  )
  .join('\n')}
`;
