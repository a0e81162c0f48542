/** Version 1: studies and their images, drafts and their versions, the audit log. */
export const sql = `
CREATE TABLE patients (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  -- The same id from another issuer is another patient.
  issuer TEXT NOT NULL,
  -- A file without a patient id names nobody: then the study stands for the person.
  only_study TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  UNIQUE (id, issuer, only_study)
) STRICT;

CREATE TABLE studies (
  uid TEXT PRIMARY KEY,
  patient INTEGER NOT NULL REFERENCES patients (key),
  -- The patient as this study's first file names them.
  person TEXT NOT NULL,
  date TEXT NOT NULL,
  time TEXT NOT NULL,
  accession TEXT NOT NULL,
  description TEXT NOT NULL,
  referrer TEXT NOT NULL,
  modalities TEXT NOT NULL,
  body_part TEXT NOT NULL,
  instances INTEGER NOT NULL,
  synthetic INTEGER NOT NULL,
  refused TEXT NOT NULL DEFAULT '',
  imported_at INTEGER NOT NULL,
  -- Everything that is searched, folded (see fold.ts).
  folded TEXT NOT NULL
) STRICT;
CREATE INDEX studies_newest ON studies (date DESC, time DESC, imported_at DESC, uid);
CREATE INDEX studies_patient ON studies (patient);

CREATE TABLE series (
  uid TEXT PRIMARY KEY,
  study TEXT NOT NULL REFERENCES studies (uid),
  number INTEGER,
  modality TEXT NOT NULL,
  description TEXT NOT NULL,
  body_part TEXT NOT NULL
) STRICT;
CREATE INDEX series_study ON series (study);

CREATE TABLE instances (
  uid TEXT PRIMARY KEY,
  series TEXT NOT NULL REFERENCES series (uid),
  number INTEGER,
  -- Of the file's bytes: its name among the objects.
  sha256 TEXT NOT NULL,
  header TEXT NOT NULL,
  imported_at INTEGER NOT NULL
) STRICT;
CREATE INDEX instances_series ON instances (series);

-- A file that was not taken in because something else stands under its name. Nothing is ever replaced.
CREATE TABLE conflicts (
  key INTEGER PRIMARY KEY,
  study TEXT NOT NULL,
  series TEXT NOT NULL,
  instance TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  reason TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  UNIQUE (instance, study, sha256)
) STRICT;

CREATE TABLE analyses (
  id TEXT PRIMARY KEY,
  study TEXT NOT NULL REFERENCES studies (uid),
  instance TEXT NOT NULL REFERENCES instances (uid),
  frame INTEGER NOT NULL,
  pack_id TEXT NOT NULL,
  pack_version TEXT NOT NULL,
  pack_sha256 TEXT NOT NULL,
  pack_use TEXT NOT NULL,
  gate TEXT NOT NULL,
  engine TEXT NOT NULL,
  timings TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX analyses_study ON analyses (study);

CREATE TABLE findings (
  analysis TEXT NOT NULL REFERENCES analyses (id),
  place INTEGER NOT NULL,
  label TEXT NOT NULL,
  name TEXT NOT NULL,
  probability REAL NOT NULL,
  threshold REAL NOT NULL,
  positive INTEGER NOT NULL,
  region TEXT,
  PRIMARY KEY (analysis, place),
  UNIQUE (analysis, label)
) STRICT;

CREATE TABLE saliency (
  analysis TEXT NOT NULL REFERENCES analyses (id),
  label TEXT NOT NULL,
  rows INTEGER NOT NULL,
  columns INTEGER NOT NULL,
  -- float32, little-endian, row by row.
  grid BLOB NOT NULL,
  to_image TEXT NOT NULL,
  PRIMARY KEY (analysis, label)
) STRICT;

-- The newest draft of a study is its draft; earlier ones stay for the auditor.
CREATE TABLE drafts (
  place INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  study TEXT NOT NULL REFERENCES studies (uid),
  instance TEXT REFERENCES instances (uid),
  analysis TEXT REFERENCES analyses (id),
  sources TEXT NOT NULL,
  not_used TEXT NOT NULL,
  document TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  saved_at INTEGER NOT NULL
) STRICT;
CREATE INDEX drafts_study ON drafts (study, place DESC);

CREATE TABLE draft_versions (
  draft TEXT NOT NULL REFERENCES drafts (id),
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  characters INTEGER NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (draft, number)
) STRICT;

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  event TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

${['audit', 'draft_versions', 'analyses', 'findings', 'saliency']
  .map(
    (table) => `
CREATE TRIGGER ${table}_never_changed BEFORE UPDATE ON ${table}
  BEGIN SELECT RAISE(ABORT, 'rows of ${table} never change'); END;
CREATE TRIGGER ${table}_never_deleted BEFORE DELETE ON ${table}
  BEGIN SELECT RAISE(ABORT, 'rows of ${table} are never deleted'); END;`,
  )
  .join('\n')}
CREATE TRIGGER drafts_sources_never_changed BEFORE UPDATE OF id, study, instance, analysis, sources, not_used, created_at
  ON drafts BEGIN SELECT RAISE(ABORT, 'a draft keeps its film, analysis and source sentences'); END;
CREATE TRIGGER drafts_never_deleted BEFORE DELETE ON drafts
  BEGIN SELECT RAISE(ABORT, 'drafts are never deleted'); END;
CREATE TRIGGER instances_content_never_changed BEFORE UPDATE OF uid, series, sha256 ON instances
  BEGIN SELECT RAISE(ABORT, 'an instance keeps its content'); END;
`;
