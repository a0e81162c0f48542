/** Version 6: peer review, and the log found by what it is about. */
export const sql = `
CREATE INDEX audit_subject ON audit (subject, seq);

CREATE TABLE review_samples (
  place INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  finding TEXT,
  seed TEXT NOT NULL,
  -- What the reports had to be like, and how many there were.
  filter TEXT NOT NULL,
  candidates INTEGER NOT NULL,
  login TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE review_items (
  sample TEXT NOT NULL REFERENCES review_samples (id),
  place INTEGER NOT NULL,
  draft TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (sample, place),
  UNIQUE (sample, draft),
  FOREIGN KEY (draft, version) REFERENCES releases (draft, number)
) STRICT;

CREATE TABLE reviews (
  id INTEGER PRIMARY KEY,
  draft TEXT NOT NULL,
  version INTEGER NOT NULL,
  sample TEXT REFERENCES review_samples (id),
  -- Who signed that version.
  reader TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  score INTEGER NOT NULL CHECK (score BETWEEN 1 AND 4),
  matters INTEGER NOT NULL,
  comment TEXT NOT NULL,
  at INTEGER NOT NULL,
  FOREIGN KEY (draft, version) REFERENCES releases (draft, number)
) STRICT;
CREATE INDEX reviews_draft ON reviews (draft);
CREATE INDEX reviews_reader ON reviews (reader);

-- The reader has read it.
CREATE TABLE review_answers (
  review INTEGER PRIMARY KEY REFERENCES reviews (id),
  login TEXT NOT NULL,
  answer TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

${['review_samples', 'review_items', 'reviews', 'review_answers']
  .map(
    (table) => `
CREATE TRIGGER ${table}_never_changed BEFORE UPDATE ON ${table}
  BEGIN SELECT RAISE(ABORT, 'rows of ${table} never change'); END;
CREATE TRIGGER ${table}_never_deleted BEFORE DELETE ON ${table}
  BEGIN SELECT RAISE(ABORT, 'rows of ${table} are never deleted'); END;`,
  )
  .join('\n')}
`;
