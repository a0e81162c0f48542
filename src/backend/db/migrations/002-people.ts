/** Version 2: people, the stages of a report, released versions, what readers think of findings. */
export const sql = `
CREATE TABLE people (
  id TEXT PRIMARY KEY,
  -- Stands in the log, so it is given once and for ever.
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0,
  -- How the password is stretched (its cost belongs to the person), and what must come out.
  kdf TEXT NOT NULL,
  proof BLOB NOT NULL,
  must_change INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  locked_until INTEGER
) STRICT;
CREATE TRIGGER people_never_deleted BEFORE DELETE ON people
  BEGIN SELECT RAISE(ABORT, 'people are disabled, never deleted'); END;
CREATE TRIGGER people_stay_themselves BEFORE UPDATE OF id, login, created_at ON people
  BEGIN SELECT RAISE(ABORT, 'a person keeps id and login'); END;

-- What an administrator decided: which checks block, when a window is locked, whether a weak key store is accepted.
CREATE TABLE policies (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

ALTER TABLE drafts ADD COLUMN stage TEXT NOT NULL DEFAULT 'in-progress'
  CHECK (stage IN ('ai-draft', 'in-progress', 'preliminary', 'final', 'addendum', 'corrected', 'discarded'));
ALTER TABLE drafts ADD COLUMN amending TEXT CHECK (amending IN ('addendum', 'correction'));
-- The addendum, or the reason of the correction, that is being written.
ALTER TABLE drafts ADD COLUMN addendum TEXT NOT NULL DEFAULT '';
ALTER TABLE drafts ADD COLUMN reason TEXT NOT NULL DEFAULT '';
-- How many images of the study the reader is known to have had.
ALTER TABLE drafts ADD COLUMN known_images INTEGER NOT NULL DEFAULT 0;
UPDATE drafts SET stage = 'ai-draft' WHERE revision = 0 AND analysis IS NOT NULL;
CREATE TRIGGER drafts_signed_text_never_changed BEFORE UPDATE OF document ON drafts
  WHEN OLD.stage IN ('final', 'addendum', 'corrected', 'discarded') AND OLD.amending IS NOT 'correction'
    AND NEW.document <> OLD.document
  BEGIN SELECT RAISE(ABORT, 'the text of a signed report never changes'); END;
CREATE TRIGGER drafts_signed_stay_signed BEFORE UPDATE OF stage ON drafts
  WHEN OLD.stage IN ('final', 'addendum', 'corrected') AND NEW.stage NOT IN ('final', 'addendum', 'corrected')
    OR OLD.stage = 'discarded' AND NEW.stage <> 'discarded'
  BEGIN SELECT RAISE(ABORT, 'a signed report stays signed'); END;

-- A released version: preliminary or signed. The version itself is in draft_versions.
CREATE TABLE releases (
  draft TEXT NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  person TEXT NOT NULL REFERENCES people (id),
  login TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Exactly what was shown and signed, and its SHA-256 in UTF-8.
  text TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  addendum TEXT NOT NULL,
  reason TEXT NOT NULL,
  checks TEXT NOT NULL,
  overrides TEXT NOT NULL,
  not_looked_at INTEGER NOT NULL,
  PRIMARY KEY (draft, number),
  FOREIGN KEY (draft, number) REFERENCES draft_versions (draft, number)
) STRICT;

-- The newest of a finding counts; the earlier ones stay.
CREATE TABLE finding_verdicts (
  place INTEGER PRIMARY KEY,
  analysis TEXT NOT NULL,
  label TEXT NOT NULL,
  verdict TEXT NOT NULL,
  note TEXT NOT NULL,
  login TEXT NOT NULL,
  at INTEGER NOT NULL,
  FOREIGN KEY (analysis, label) REFERENCES findings (analysis, label)
) STRICT;
CREATE INDEX finding_verdicts_analysis ON finding_verdicts (analysis);

${['releases', 'finding_verdicts']
  .map(
    (table) => `
CREATE TRIGGER ${table}_never_changed BEFORE UPDATE ON ${table}
  BEGIN SELECT RAISE(ABORT, 'rows of ${table} never change'); END;
CREATE TRIGGER ${table}_never_deleted BEFORE DELETE ON ${table}
  BEGIN SELECT RAISE(ABORT, 'rows of ${table} are never deleted'); END;`,
  )
  .join('\n')}
`;
