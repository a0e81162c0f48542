/** Version 10: what can be undone in a report's text, by whom. Any other change of the report drops it. */
export const sql = `
CREATE TABLE draft_undo (
  draft TEXT PRIMARY KEY REFERENCES drafts (id),
  login TEXT NOT NULL,
  undo TEXT NOT NULL
) STRICT;

-- A save writes it anew in its own transaction; a signature, a discarding, another window's text do not.
CREATE TRIGGER drafts_undo_dropped AFTER UPDATE OF revision ON drafts
  BEGIN DELETE FROM draft_undo WHERE draft = NEW.id; END;
`;
