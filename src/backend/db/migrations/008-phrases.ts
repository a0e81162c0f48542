/** Version 8: phrases and templates of this workstation. They hold no patient's data and may be changed. */
export const sql = `
CREATE TABLE phrases (
  id TEXT PRIMARY KEY,
  shortcut TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  fits TEXT NOT NULL,
  login TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
`;
