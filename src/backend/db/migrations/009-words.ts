/** Version 9: where an imported template came from, and words that a person (or, under an empty login, all) added. */
export const sql = `
ALTER TABLE phrases ADD COLUMN template TEXT;

CREATE TABLE words (
  login TEXT NOT NULL,
  word TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (login, word)
) STRICT, WITHOUT ROWID;
`;
