/** Version 12: key images, each as PNG pictures without and with what is AI. */
export const sql = `
CREATE TABLE key_images (
  place INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  study TEXT NOT NULL REFERENCES studies (uid),
  draft TEXT REFERENCES drafts (id),
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  caption TEXT NOT NULL,
  overlay TEXT NOT NULL,
  plain BLOB NOT NULL,
  marked BLOB,
  login TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX key_images_of ON key_images (study);
`;
